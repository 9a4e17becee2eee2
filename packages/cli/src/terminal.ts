/*
 * How the command speaks.
 * - stdout carries what was asked for and nothing else; everything to be read by a person is stderr.
 * - An error is one line ending in its code, then `hint:` and what to do now.
 * - Text that comes from a file (names, recipients, comments) passes `printable`: no control
 *   characters, no escapes, nothing that turns the reading direction.
 * - Colours and progress only on a terminal, never under NO_COLOR.
 */

/**
 * The text with everything that could move a terminal's cursor or hide itself made visible. A line
 * break that is kept may be that of Windows.
 */
export function printable(text: string, keepLineBreaks = false): string {
  return text.replace(UNPRINTABLE, (char, at: number) => {
    if (keepLineBreaks && (char === '\n' || char === '\t')) return char;
    if (keepLineBreaks && char === '\r' && text[at + 1] === '\n') return char;
    return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function warningLine(command: string, message: string, now: Date): string {
  const time = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return `[${command}]\t time="${time}" level=warning msg=${JSON.stringify(printable(message))}\n`;
}
