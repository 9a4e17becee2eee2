/**
 * The one place where text from outside (names of files, of keys, of people) is made harmless for
 * what it is written to. Every reporter and every message goes through it.
 */

/** Controls of C0 and C1, line and paragraph separators, bidirectional and zero-width characters. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0\ufff0-\uffff]|\u034f|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** Readable text of one line: what cannot be seen, or moves what can, is shown as `\u{…}`. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** For a terminal: one line, no control character. */
export function escapeTerminal(text: string): string {
  return escapeControls(text);
}

/** The message of a workflow command of GitHub Actions. */
export function escapeCommandData(text: string): string {
  return escapeControls(text)
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

/** A property of a workflow command: `file=…`. */
export function escapeCommandProperty(text: string): string {
  return escapeCommandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A line of a log that the runner must not take for a command. */
export function escapeLogLine(text: string): string {
  return escapeControls(text).replace(/::/g, ':\u2060:').replace(/##\[/g, '#\u2060#[');
}

/** Text within Markdown (in a table cell, too): nothing in it is markup, HTML, a link or a mention. */
export function escapeMarkdown(text: string): string {
  return escapeControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+\-.!|~"'^:=$]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replaceAll('@', '&#64;')
    .replaceAll('/', '&#47;');
}

export function escapeHtml(text: string): string {
  return escapeControls(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A path as part of a URI reference (SARIF): bytes outside the unreserved ones as `%HH`. */
export function escapeUriPath(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')).replace(/[!'()*]/g, percent),
    )
    .join('/');
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
