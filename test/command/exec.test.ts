import { existsSync, readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { tidelockProgram, vector } from '../support/program.ts';
import { makeWorkspace } from '../support/workspace.ts';

it('exec-env --background does not wait for the command, which gets the values all the same', async () => {
  const workspace = makeWorkspace();
  workspace.copyVector('simple.enc.env', 'app.enc.env');
  const env = { SOPS_AGE_KEY_FILE: vector('age-key1.txt'), PROGRAM: tidelockProgram };
  // The command waits for a file that only comes once tidelock has ended, and gives up at last.
  const line = 'for i in $(seq 200); do [ -e go ] && break; sleep 0.05; done; printenv FOO > seen';
  const start = `"${process.execPath}" "$PROGRAM" exec-env --background app.enc.env '${line}' > said 2>&1`;
  expect(workspace.run('sh', ['-c', start], { env }).status).toBe(0);
  expect(existsSync(workspace.path('seen'))).toBe(false);
  workspace.write('go', '');
  await vi.waitFor(
    () => expect(readFileSync(workspace.path('seen'), 'utf8')).toBe('bar\n'),
    10_000,
  );
});
