import { type BatchAnswer, parseBatchHeader } from './batch-answer.ts';
import type { Git } from './run.ts';

/** More than this together is read in pieces, by a process that waits for us. */
const MOST_BYTES = 16 * 1024 * 1024;
const LINE_END = 10;

/**
 * What one `git cat-file` says of several objects, in one go; null when it could not, or when it is
 * too much. Names are bytes without line breaks.
 */
export function preloadObjects(
  git: Git,
  names: readonly Uint8Array[],
): readonly (BatchAnswer | null)[] | null {
  const ask = (name: Uint8Array) => Buffer.concat([CONTENTS, name, NEWLINE]);
  const output = git.outputNow(['cat-file', '--batch-command'], {
    input: Buffer.concat(names.map(ask)),
    maxOutput: MOST_BYTES,
  });
  try {
    return output === null ? null : readAnswers(output, names.length);
  } catch {
    return null;
  }
}

const CONTENTS = Buffer.from('contents ');
const NEWLINE = Buffer.from('\n');

function readAnswers(output: Buffer, count: number): readonly (BatchAnswer | null)[] | null {
  const answers: (BatchAnswer | null)[] = [];
  let at = 0;
  while (answers.length < count) {
    const end = output.indexOf(LINE_END, at);
    if (end === -1) return null;
    const header = parseBatchHeader(output.toString('latin1', at, end));
    at = end + 1;
    if (header === null) answers.push(null);
    else {
      const bodyEnd = at + header.size;
      if (output[bodyEnd] !== LINE_END) return null;
      answers.push({ ...header, body: Buffer.from(output.subarray(at, bodyEnd)) });
      at = bodyEnd + 1;
    }
  }
  return answers;
}
