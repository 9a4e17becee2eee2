import { writeSync } from 'node:fs';

type Descriptor = 1 | 2;

const throughStream = new Set<Descriptor>();

/**
 * Writes to standard output (1) or standard error (2) at once, without making the stream that Node
 * has for it: that takes a hook longer than judging a file. From where a pipe takes no more for now,
 * everything goes through the stream after all, in order. Ends the process with 0 when whoever reads
 * standard output has closed it.
 */
export function writeNow(descriptor: Descriptor, text: string | Uint8Array): void {
  let rest = typeof text === 'string' ? Buffer.from(text) : text;
  try {
    while (rest.length > 0 && !throughStream.has(descriptor)) {
      rest = rest.subarray(writeSync(descriptor, rest));
    }
  } catch (error) {
    if (isClosed(error)) {
      giveUp(descriptor);
      return;
    }
    throughStream.add(descriptor);
    streamOf(descriptor).on('error', (failure: Error) => {
      if (!isClosed(failure)) throw failure;
      giveUp(descriptor);
    });
  }
  if (rest.length > 0) streamOf(descriptor).write(rest);
}

function streamOf(descriptor: Descriptor): NodeJS.WriteStream {
  return descriptor === 1 ? process.stdout : process.stderr;
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}

function giveUp(descriptor: Descriptor): void {
  if (descriptor === 1) process.exit(0);
}
