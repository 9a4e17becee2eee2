import type { Interface } from 'node:readline';
import { CommandError } from '../command-error.ts';
import type { Ports } from '../ports.ts';

let lines: AsyncIterator<string> | null = null;

/** Asks until y or n is answered. @throws CommandError when standard input ends before */
export async function askYesOrNo(ports: Ports, question: string): Promise<boolean> {
  for (;;) {
    ports.stdout(question);
    const { value, done } = await nextLine();
    if (done === true) {
      throw new CommandError('ERR_USAGE', 1, 'nobody answered', 'Answer y or n, or use --yes.');
    }
    const answer = value.trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return true;
    if (answer === 'n' || answer === 'no') return false;
  }
}

/** A terminal that nobody is asked on any more does not keep the program from ending. */
async function nextLine(): Promise<IteratorResult<string>> {
  lines ??= stdinLines()[Symbol.asyncIterator]();
  process.stdin.ref?.();
  const line = await lines.next();
  process.stdin.unref?.();
  return line;
}

function stdinLines(): Interface {
  const { createInterface } = process.getBuiltinModule('node:readline');
  const reader = createInterface({ input: process.stdin });
  reader.on('close', () => process.stdin.unref?.());
  return reader;
}

/** Waits for Enter; false when nobody is there to press it. */
export async function askToGoOn(ports: Ports, message: string): Promise<boolean> {
  ports.stderr(`${message}\n`);
  return (await nextLine()).done !== true;
}
