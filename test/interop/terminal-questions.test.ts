import { describe, expect, it } from 'vitest';
import { EXAMPLES, exampleRepository } from '../support/example-repositories.ts';
import { type Outcome, peer } from '../support/program.ts';
import { RECIPIENT_1, type Workspace } from '../support/workspace.ts';

/** Runs a command on a terminal of its own, answers its questions, and kills it when it does not end. */
const ON_A_TERMINAL = `
import os, pty, select, signal, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
answers, shown = sys.argv[1].split(","), b""
while True:
    ready, _, _ = select.select([terminal], [], [], 30)
    if not ready:
        os.kill(pid, signal.SIGKILL)
        break
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    shown += data
    if answers and shown.rstrip().endswith(b"(y/n)"):
        os.write(terminal, answers.pop(0).encode() + b"\\n")
        shown += b"\\n"
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`;

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
