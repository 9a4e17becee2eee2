import { describe, expect, it } from 'vitest';
import { EXAMPLES, exampleRepository } from '../support/example-repositories.ts';
import { ON_A_TERMINAL } from '../support/on-a-terminal.ts';
import { type Outcome, peer } from '../support/program.ts';
import { RECIPIENT_1, type Workspace } from '../support/workspace.ts';

function onTerminal(w: Workspace, answers: string, ...command: string[]): Outcome {
  return w.run('python3', ['-c', ON_A_TERMINAL, answers, ...command]);
}

describe.skipIf(!peer('python3'))('on a terminal', () => {
  it.each([
    ['n', 1, ''],
    ['what?,y', 0, '?? .sops.yaml\n?? .tidelock.yaml\n'],
  ])('init asks, takes %j, and ends', (answers, status, changed) => {
    const w = exampleRepository(EXAMPLES.dotenv ?? {});
    const outcome = onTerminal(w, answers, 'tidelock', 'init', '--age', RECIPIENT_1);
    expect(outcome, outcome.stdout).toMatchObject({ status });
    expect(w.git('status', '--porcelain').stdout).toBe(changed);
  });

  it('migrate cleartext asks, and encrypts after a yes', () => {
    const w = exampleRepository(EXAMPLES.cleartext ?? {});
    const args = ['migrate', 'cleartext', '--age', RECIPIENT_1];
    expect(onTerminal(w, 'n', 'tidelock', ...args)).toMatchObject({ status: 1 });
    expect(w.git('status', '--porcelain').stdout).toBe('');
    expect(onTerminal(w, 'y', 'tidelock', ...args)).toMatchObject({ status: 0 });
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });
  });
});
