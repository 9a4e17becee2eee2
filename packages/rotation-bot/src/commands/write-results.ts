import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatResults, type Results } from '../shard/results.ts';
import { usage } from './arguments.ts';

/** @throws TidelockError ERR_ARGUMENT when the place cannot be written to */
export function writeResults(path: string, cwd: string, results: Results): void {
  try {
    writeFileSync(resolve(cwd, path), formatResults(results));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    throw usage(`the results cannot be written to ${path} (${code})`);
  }
}
