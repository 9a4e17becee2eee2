import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

export const ZERO_OID = '0'.repeat(40);

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly oid: string;
  readonly size: number | null;
}

/** What becomes of a path; null contents remove it. */
export interface FileChange {
  readonly path: string;
  readonly mode?: string;
  readonly oid: string | null;
}

export interface CommitInfo {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly tree: string;
  readonly author: Person;
  readonly committer: Person;
  readonly date: string;
  readonly message: string;
}

export interface RefChange {
  readonly name: string;
  /** null: whatever it is. */
  readonly before: string | null;
  readonly after: string;
}

/** A real bare repository, changed by Git's own plumbing. */
export class BareRepository {
  readonly gitDir: string;

  constructor(gitDir: string) {
    this.gitDir = gitDir;
  }

  static create(gitDir: string): BareRepository {
    const repository = new BareRepository(gitDir);
    runGit(['init', '-q', '--bare', '-b', 'main', gitDir]);
    for (const [key, value] of [
      ['http.receivepack', 'true'],
      ['uploadpack.allowAnySHA1InWant', 'true'],
      ['receive.denyCurrentBranch', 'ignore'],
      ['gc.auto', '0'],
    ])
      repository.git(['config', key ?? '', value ?? '']);
    return repository;
  }

  /** The commit a branch is at, or null. */
  branch(name: string): string | null {
    return this.ref(`refs/heads/${name}`);
  }

  ref(name: string): string | null {
    const { status, stdout } = this.try(['rev-parse', '--verify', '-q', name]);
    return status === 0 ? stdout.trim() : null;
  }

  branches(prefix: string): readonly { readonly name: string; readonly oid: string }[] {
    return this.git(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/'])
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ oid: line.slice(0, 40), name: line.slice(41 + 'refs/heads/'.length) }))
      .filter(({ name }) => name.startsWith(prefix));
  }

  /** All or nothing; throws with Git's words. */
  updateRefs(changes: readonly RefChange[]): void {
    const lines = changes.map(({ name, before, after }) =>
      after === ZERO_OID
        ? `delete ${name}${before === null ? '' : ` ${before}`}`
        : `update ${name} ${after}${before === null ? '' : ` ${before}`}`,
    );
    this.git(['update-ref', '--stdin'], { input: `${lines.join('\n')}\n` });
  }

  isCommit(oid: string): boolean {
    return this.try(['cat-file', '-t', oid]).stdout.trim() === 'commit';
  }

  /** A loose object, as Git writes one; a process for each of many files would take minutes. */
  writeBlob(bytes: Uint8Array): string {
    const object = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]);
    const oid = createHash('sha1').update(object).digest('hex');
    const folder = join(this.gitDir, 'objects', oid.slice(0, 2));
    const path = join(folder, oid.slice(2));
    mkdirSync(folder, { recursive: true });
    if (!existsSync(path)) writeFileSync(path, deflateSync(object), { mode: 0o444 });
    return oid;
  }

  readBlob(oid: string): Buffer | null {
    const { status, bytes } = this.try(['cat-file', 'blob', oid]);
    return status === 0 ? bytes : null;
  }

  readFile(commit: string, path: string): string | null {
    const { status, stdout } = this.try(['cat-file', 'blob', `${commit}:${path}`]);
    return status === 0 ? stdout : null;
  }

  /** null when there is no such tree. */
  tree(oid: string, isRecursive: boolean): readonly TreeEntry[] | null {
    const flags = isRecursive ? ['-r', '-t'] : [];
    const { status, stdout } = this.try(['ls-tree', '-z', '-l', ...flags, oid]);
    if (status !== 0) return null;
    return stdout
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [head = '', path = ''] = line.split('\t');
        const [mode = '', type = '', entry = '', size = ''] = head.split(/ +/);
        return { path, mode, type, oid: entry, size: size === '-' ? null : Number(size) };
      });
  }

  /** A tree made of another with changes. A file keeps no mode of before: 100644 unless said. */
  treeWith(base: string | null, changes: readonly FileChange[]): string {
    const folder = mkdtempSync(join(tmpdir(), 'fake-github-index-'));
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    try {
      this.git(base === null ? ['read-tree', '--empty'] : ['read-tree', base], { env });
      const lines = changes.map(({ path, mode = '100644', oid }) =>
        oid === null ? `0 ${ZERO_OID}\t${path}\0` : `${mode} ${oid}\t${path}\0`,
      );
      this.git(['update-index', '-z', '--index-info'], { env, input: lines.join('') });
      return this.git(['write-tree'], { env }).trim();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  commitTree(
    tree: string,
    parents: readonly string[],
    { message, author, committer }: { message: string; author: Person; committer: Person },
  ): string {
    const env = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
    };
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
    return this.git(args, { env, input: message }).trim();
  }

  commit(oid: string): CommitInfo {
    const format = '%H%x00%P%x00%T%x00%an%x00%ae%x00%cn%x00%ce%x00%cI%x00%B';
    const fields = this.git(['show', '-s', `--format=${format}`, oid]).split('\0');
    const [id = '', parents = '', tree = '', an = '', ae = '', cn = '', ce = '', date = ''] =
      fields;
    return {
      oid: id,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      tree,
      author: { name: an, email: ae },
      committer: { name: cn, email: ce },
      date,
      message: (fields[8] ?? '').replace(/\n+$/, ''),
    };
  }

  /** Commits that lead to head and not to base, oldest first. */
  commitsBetween(base: string, head: string): readonly CommitInfo[] {
    return this.git(['rev-list', '--reverse', '--topo-order', head, `^${base}`])
      .split('\n')
      .filter((line) => line !== '')
      .map((oid) => this.commit(oid));
  }

  mergeBase(a: string, b: string): string | null {
    const { status, stdout } = this.try(['merge-base', a, b]);
    return status === 0 ? stdout.trim() : null;
  }

  isAncestor(a: string, b: string): boolean {
    return this.try(['merge-base', '--is-ancestor', a, b]).status === 0;
  }

  /** The tree of a merge, or null where it conflicts. */
  mergedTree(base: string, head: string): string | null {
    const { status, stdout } = this.try(['merge-tree', '--write-tree', base, head]);
    return status === 0 ? (stdout.split('\n')[0] ?? null) : null;
  }

  changedPaths(base: string, head: string): readonly { path: string; oid: string }[] {
    return this.git(['diff-tree', '-r', '-z', '--raw', '--no-renames', base, head])
      .split(':')
      .filter((line) => line !== '')
      .map((line) => {
        const [entry = '', path = ''] = line.split('\0');
        return { path, oid: entry.split(' ')[3] ?? '' };
      });
  }

  git(args: readonly string[], options: GitOptions = {}): string {
    const { status, stdout, stderr } = this.try(args, options);
    if (status !== 0) throw new Error(`git ${args[0]}: ${stderr.trim()}`);
    return stdout;
  }

  private try(args: readonly string[], options: GitOptions = {}) {
    return runGit(['--git-dir', this.gitDir, ...args], options);
  }
}

interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

function runGit(args: readonly string[], { input = '', env = {} }: GitOptions = {}) {
  const result = spawnSync('git', [...args], {
    input,
    env: { ...GIT_ENVIRONMENT, PATH: process.env.PATH ?? '', ...env },
    maxBuffer: 1 << 28,
  });
  if (result.error !== undefined) throw result.error;
  return {
    status: result.status ?? 128,
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
    bytes: result.stdout,
  };
}

/** Nothing of the machine's own configuration. */
export const GIT_ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  HOME: '/nonexistent',
  LC_ALL: 'C',
} as const;
