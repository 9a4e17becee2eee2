/**
 * A comment as the lines it takes, each with its `#`. A text of several lines must not become
 * content, so every kind of line break begins a new comment; what no YAML reader accepts raw is
 * replaced.
 */
export function commentLines(text: string): readonly string[] {
  return text.split(LINE_BREAK).map((line) => `#${line.replace(UNREADABLE, '\ufffd')}`);
}

const LINE_BREAK = /\r\n|[\n\r\u0085\u2028\u2029]/;
const UNREADABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
