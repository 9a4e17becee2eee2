import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type EncryptOptions, parseKeyList } from '@tidelock/core';
import { expect } from 'vitest';
import { encryptText } from './in-process.ts';
import { type Job, type JobResult, runJob } from './mini-runner.ts';
import { run, tidelock } from './program.ts';
import { RECIPIENT_1, RECIPIENT_2 } from './recipients.ts';
import { makeWorkspace } from './workspace.ts';

export const BOTH = `${RECIPIENT_1},${RECIPIENT_2}`;
export const RULES = `creation_rules:
  - path_regex: ^prod/.*\\.yaml$
    age: ${BOTH}
  - path_regex: ^team/.*\\.yaml$
    age: ${RECIPIENT_1}
`;
export const WORKFLOW =
  'on: pull_request\njobs:\n  check:\n    steps:\n      - uses: tidelock/tidelock\n';

/** A clone of a repository with a policy, with a branch `change` that leaves `main`. */
export interface ChangeRepository {
  /** The clone that the action looks at. */
  readonly folder: string;
  /** What it is a clone of. */
  readonly origin: string;
  write(path: string, content: string | Uint8Array): void;
  remove(path: string): void;
  link(path: string, target: string): void;
  seal(
    path: string,
    recipients: string,
    text?: string,
    options?: Partial<EncryptOptions>,
  ): Promise<string>;
  read(path: string): string;
  git(...args: string[]): string;
  /** The command, with the first of the test keys. */
  tidelock(...args: string[]): void;
  /** Commits everything there is; the id. */
  commit(message?: string, date?: string): string;
  /** Runs the action as for a pull request of the branch. */
  check(options?: Partial<Job>): Promise<JobResult>;
  payload(): { pull_request: PullRequest };
}

interface PullRequest {
  readonly number: number;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: { readonly ref: string; readonly sha: string };
}

/** Looks like a password, and is made here. */
export const VALUE = ['Kq8vJw2p', 'Lz5tRx9m'].join('');
export const SECRET = `password: ${VALUE}\n`;
export const PLAIN = 'user: app\npassword: not-a-real-password\n';

/** @param setUp what is on main besides the rules and three encrypted files */
export async function makeChangeRepository(
  setUp: (repository: ChangeRepository) => void | Promise<void> = () => undefined,
): Promise<ChangeRepository> {
  const { folder: origin, env } = makeWorkspace();
  const folder = join(dirname(origin), 'clone');
  let at = origin;
  const git = (...args: string[]) => {
    const { status, stdout, stderr } = run('git', args, { cwd: at, env: { ...env, ...AUTHOR } });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const path = (name: string) => join(at, name);
  const place = (name: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    rmSync(path(name), { force: true, recursive: true });
    return path(name);
  };
  const repository: ChangeRepository = {
    folder,
    origin,
    git,
    write: (name, content) => writeFileSync(place(name), content),
    remove: (name) => rmSync(path(name), { recursive: true }),
    link: (name, target) => symlinkSync(target, place(name)),
    async seal(name, recipients, text = PLAIN, options = {}) {
      const keys = parseKeyList('age', recipients, { createdAt: '' });
      const sealed = await encryptText('yaml', text, { keyGroups: [{ keys }], ...options });
      writeFileSync(place(name), sealed);
      return sealed;
    },
    read: (name) => run('cat', [path(name)], {}).stdout,
    tidelock(...args) {
      const { status, stderr } = tidelock(args, { cwd: at, env });
      expect({ status, stderr }).toEqual({ status: 0, stderr });
    },
    commit(message = 'change', date = '') {
      git('add', '-A');
      const dated = date === '' ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
      const made = run('git', ['commit', '-q', '--allow-empty', '-m', message], {
        cwd: at,
        env: { ...env, ...AUTHOR, ...dated },
      });
      expect(made.stderr).toBe('');
      return git('rev-parse', 'HEAD');
    },
    payload: () => ({
      pull_request: {
        number: 7,
        base: { ref: 'main', sha: git('rev-parse', 'origin/main') },
        head: { ref: 'change', sha: git('rev-parse', 'change') },
      },
    }),
    check: (options = {}) =>
      runJob({
        workspace: folder,
        event: 'pull_request',
        ...options,
        payload: options.payload ?? repository.payload(),
      }),
  };
  git('init', '-q', '-b', 'main');
  git('config', 'receive.denyCurrentBranch', 'ignore');
  repository.write('.sops.yaml', RULES);
  repository.write('docs/readme.md', '# Example\n');
  repository.write('.github/workflows/check.yml', WORKFLOW);
  await repository.seal('prod/a.yaml', BOTH);
  await repository.seal('prod/b.yaml', BOTH);
  await repository.seal('team/t.yaml', RECIPIENT_1);
  await setUp(repository);
  repository.commit('base');
  chmodSync(origin, 0o755);
  git('clone', '-q', origin, folder);
  at = folder;
  git('checkout', '-q', '-b', 'change');
  return repository;
}

const AUTHOR = {
  GIT_AUTHOR_NAME: 'Someone',
  GIT_AUTHOR_EMAIL: 'someone@example.org',
  GIT_COMMITTER_NAME: 'Someone',
  GIT_COMMITTER_EMAIL: 'someone@example.org',
};
