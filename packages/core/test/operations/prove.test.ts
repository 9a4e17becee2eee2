import { expect, it } from 'vitest';
import { TidelockError } from '../../src/errors.ts';
import { recordKeys } from '../../src/keys/recording.ts';
import { proveEncrypted } from '../../src/operations/prove.ts';

async function problemOf(text: string, format: 'dotenv' | 'json'): Promise<TidelockError> {
  const problem = await proveEncrypted(Buffer.from(text), format, recordKeys([])).catch(
    (error: unknown) => error,
  );
  if (!(problem instanceof TidelockError)) throw new Error('a TidelockError was expected');
  return problem;
}

it('says what to do about a file that only encryption made too large', async () => {
  const problem = await problemOf(`A=${'x'.repeat(34_000_000)}\n`, 'dotenv');
  expect(problem.code).toBe('ERR_TOO_LARGE');
  expect(problem.message).toMatch(/nothing was written/);
  expect(problem.hint).toMatch(/--input-type binary/);
});

it('calls any other file that cannot be read back a mistake of the program', async () => {
  const problem = await problemOf('{"a": ', 'json');
  expect(problem.code).toBe('ERR_VERIFY');
});
