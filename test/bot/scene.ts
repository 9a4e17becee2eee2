import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatOf, generateAgeIdentity, parseKey } from '@tidelock/core';
import { BOT_PERMISSIONS } from '../fakes/github/accounts.ts';
import { type FakeGithub, startFakeGithub } from '../fakes/github/fake-github.ts';
import type { ForgeRepository, PullRequest } from '../fakes/github/forge-state.ts';
import type { ForgePerson } from '../fakes/github/people.ts';
import { encryptText } from '../support/in-process.ts';
import { cleanEnv, repositoryRoot } from '../support/program.ts';

export const botProgram = join(repositoryRoot, 'packages/rotation-bot/dist/tidelock-rotate.js');

export interface Reader {
  readonly identity: string;
  readonly recipient: string;
}

export const reader = (): Reader => generateAgeIdentity();

/** A file encrypted for these readers, in one group. */
export const encryptedFor = (
  path: string,
  plain: string,
  readers: readonly Reader[],
): Promise<string> =>
  encryptText(formatOf(path), plain, {
    keyGroups: [
      { keys: readers.map(({ recipient }) => parseKey('age', recipient, { createdAt: '' })) },
    ],
    now: new Date('2026-11-01T00:00:00Z'),
  });

/** A `.sops.yaml` of rules: expression and readers. */
export const rules = (...list: readonly (readonly [string, readonly Reader[]])[]): string =>
  `creation_rules:\n${list
    .map(
      ([regex, readers]) =>
        `  - path_regex: '${regex}'\n    age:\n${readers.map(({ recipient }) => `      - ${recipient}\n`).join('')}`,
    )
    .join('')}`;

export interface BotRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BotOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: (child: ChildProcess) => void;
}

/** A forge with one repository, a clone of it, and the built bot with the keys of `bot`. */
export class Scene {
  readonly github: FakeGithub;
  readonly repository: ForgeRepository;
  readonly person: ForgePerson;
  readonly folder: string;
  readonly bot: Reader;
  readonly token: string;

  private constructor(github: FakeGithub, folder: string) {
    this.github = github;
    this.folder = folder;
    this.repository = github.addRepository('acme', 'shop');
    this.person = github.person('dana', this.repository);
    this.bot = reader();
    this.token = github.accounts.addToken('rotator', 'app', BOT_PERMISSIONS);
  }

  static async start(): Promise<Scene> {
    const scene = new Scene(await startFakeGithub(), mkdtempSync(join(tmpdir(), 'bot-scene-')));
    for (const name of ['home', 'tmp']) mkdirSync(join(scene.folder, name));
    writeFileSync(scene.identityFile(scene.bot), `${scene.bot.identity}\n`);
    return scene;
  }

  async stop(): Promise<void> {
    await this.github.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  identityFile({ recipient }: Reader): string {
    return join(this.folder, `${recipient.slice(0, 20)}.txt`);
  }

  get env(): Record<string, string> {
    return {
      ...cleanEnv(join(this.folder, 'home')),
      TMPDIR: join(this.folder, 'tmp'),
      SOPS_AGE_KEY_FILE: this.identityFile(this.bot),
      TIDELOCK_TOKEN: this.token,
      TIDELOCK_ROTATE_PACE_MS: '0',
      GITHUB_API_URL: this.github.apiUrl,
    };
  }

  /** A clone of main as it is now, with the forge as its origin. */
  clone(name: string): string {
    const folder = join(this.folder, name);
    rmSync(folder, { recursive: true, force: true });
    const url = this.github.cloneUrl(this.repository, this.token);
    // From the repository itself: the server lives in this process, which waits for Git.
    return gitClone(this.repository.git.gitDir, folder, url);
  }

  /** Runs the bot in a fresh clone. */
  run(options: BotOptions = {}): Promise<BotRun> {
    const { args = ['run'], env = {}, onStart } = options;
    const cwd = this.clone(`clone-${++runs}`);
    const child = spawn(process.execPath, [botProgram, ...args], {
      cwd,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onStart?.(child);
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk.toString('utf8')));
    return new Promise((resolve) => {
      child.on('close', (status, signal) => {
        rmSync(cwd, { recursive: true, force: true });
        resolve({ status, signal, stdout: out.join(''), stderr: err.join('') });
      });
    });
  }

  /** What a run writes on the forge. */
  async writesOf(run: () => Promise<unknown>): Promise<readonly string[]> {
    const from = this.github.journal.length;
    await run();
    return this.github.journal
      .slice(from)
      .filter(({ kind }) => kind === 'write')
      .map(({ method, path }) => `${method} ${path}`);
  }

  open(): readonly PullRequest[] {
    return this.repository.pulls.filter(({ state }) => state === 'open');
  }

  /** The one open request. */
  theRequest(): PullRequest {
    const [request, ...more] = this.open();
    if (request === undefined || more.length > 0)
      throw new Error(`${this.open().length} requests are open, not one`);
    return request;
  }

  file(branch: string, path: string): string {
    const commit = this.repository.git.branch(branch);
    const text = commit === null ? null : this.repository.git.readFile(commit, path);
    if (text === null) throw new Error(`${branch} holds no ${path}`);
    return text;
  }

  /** Names of temporary files left behind. */
  get temporaryFiles(): readonly string[] {
    const { stdout } = spawnSync('ls', ['-A', join(this.folder, 'tmp')], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line !== '');
  }
}

let runs = 0;

function gitClone(gitDir: string, folder: string, url: string): string {
  const env = {
    PATH: process.env.PATH ?? '',
    GIT_CONFIG_GLOBAL: '/dev/null',
    HOME: '/nonexistent',
  };
  for (const args of [
    // Without the bot's own branches: what they hold is to be had from the forge.
    ['clone', '-q', '--no-local', '--single-branch', gitDir, folder],
    ['-C', folder, 'remote', 'set-url', 'origin', url],
  ]) {
    const { status, stderr } = spawnSync('git', args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  return folder;
}
