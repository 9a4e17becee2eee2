import { expect } from 'vitest';
import { hookProgram, type Outcome } from './program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from './workspace.ts';

export const SECRET = `hunter2-${'correct-horse'}`;

export const manifest = (value = SECRET): string =>
  `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${value}\n`;

/** Everything below `secrets/` is to be encrypted. */
export const RULES = `creation_rules:\n  - path_regex: ^secrets/\n    age: ${RECIPIENT_1}\n`;

type Options = Parameters<Workspace['run']>[2];

export interface HookedRepository extends Workspace {
  /** Of a command that must succeed, without its last line break. */
  ask(...args: string[]): string;
  /** Commits past every hook. */
  commitUnseen(): void;
  hook(args?: readonly string[], options?: Options): Outcome;
  commit(...args: string[]): Outcome;
}

/** A repository with one commit and our hooks; no outcome of a hook shows six characters of the secret. */
export function hookedRepository(...init: string[]): HookedRepository {
  const workspace = makeWorkspace();
  for (const who of ['AUTHOR', 'COMMITTER']) {
    workspace.env[`GIT_${who}_NAME`] = 'A';
    workspace.env[`GIT_${who}_EMAIL`] = 'a@example.com';
  }
  const repository: HookedRepository = {
    ...workspace,
    ask(...args) {
      const { status, stdout, stderr } = workspace.git(...args);
      if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
      return stdout.trimEnd();
    },
    commitUnseen() {
      repository.ask('add', '-A');
      repository.ask('commit', '-q', '--no-verify', '-m', 'unseen');
    },
    hook: (args = [], options = {}) =>
      quiet(workspace.run(process.execPath, [hookProgram, ...args], options)),
    commit: (...args) => quiet(workspace.git('commit', '-q', '-m', 'x', ...args)),
  };
  repository.ask('init', '-q', '-b', 'main', ...init);
  workspace.write('README.md', '# A repository\n');
  repository.commitUnseen();
  expect(repository.hook(['--install']).status).toBe(0);
  return repository;
}

function quiet(outcome: Outcome): Outcome {
  const said = outcome.stdout + outcome.stderr;
  for (let at = 0; at + 6 <= SECRET.length; at++) {
    expect(said).not.toContain(SECRET.slice(at, at + 6));
  }
  return outcome;
}
