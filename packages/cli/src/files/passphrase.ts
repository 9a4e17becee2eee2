import { open } from 'node:fs/promises';
import { ReadStream, WriteStream } from 'node:tty';
import { printable } from '../terminal.ts';

const END_KEYS = new Set(['\r', '\n', '\u0004']);
const INTERRUPT = '\u0003';
const ERASE = new Set(['\b', '\u007f']);

let openQuestions = 0;

/** Whether a question stands on the terminal, which nothing may write over. */
export function isAskingPassphrase(): boolean {
  return openQuestions > 0;
}

/** Asks on the terminal itself, without echo; null where there is none. */
export async function readPassphrase(question: string): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const terminal = await open('/dev/tty', 'r+').catch(() => null);
  if (terminal === null) return null;
  const input = new ReadStream(terminal.fd);
  const output = new WriteStream(terminal.fd);
  openQuestions++;
  try {
    output.write(`${printable(question)} `);
    input.setRawMode(true);
    const text = await readLine(input);
    output.write('\n');
    return text;
  } finally {
    openQuestions--;
    input.setRawMode(false);
    input.destroy();
    await terminal.close().catch(() => undefined);
  }
}

function readLine(input: ReadStream): Promise<string | null> {
  return new Promise((resolve) => {
    let text = '';
    input.setEncoding('utf8');
    input.on('data', (chunk) => {
      for (const char of String(chunk)) {
        if (END_KEYS.has(char)) return resolve(text);
        if (char === INTERRUPT) return resolve(null);
        text = ERASE.has(char) ? text.slice(0, -1) : text + char;
      }
    });
    input.on('end', () => resolve(null));
  });
}
