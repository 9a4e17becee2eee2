import type { GitPath, ObjectReader } from '@tidelock/git';
import { type Batch, type ChangedFile, treeName } from './changed-file.ts';

/** At the top of the repository: what silences findings, or widens what must be encrypted. */
export const STEERING = [
  '.tidelock.yaml',
  '.tidelock-baseline.json',
  '.gitleaks.toml',
  '.gitleaksignore',
  '.secrets.baseline',
] as const;

const LARGEST = 1024 * 1024;

/** One state of the files that steer how a change is judged. */
export type View = (path: GitPath) => Promise<Uint8Array | null>;

/** Reads objects by their names, each once. */
export class Memory {
  readonly #reader: ObjectReader;
  readonly #known = new Map<string, Promise<Uint8Array | null>>();

  constructor(reader: ObjectReader) {
    this.#reader = reader;
  }

  /** @throws Error when the file is too large to be read */
  read(name: string, path: GitPath): Promise<Uint8Array | null> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const bytes = this.#reader.readBlob(name, { maxBytes: LARGEST }).then((blob) => {
      if (blob.kind === 'too-large') throw new Error(`${path} is larger than 1 MiB`);
      return blob.kind === 'blob' ? blob.bytes : null;
    });
    bytes.catch(() => undefined);
    this.#known.set(name, bytes);
    return bytes;
  }

  /** Whether Git knows an object of this name. */
  async has(name: string): Promise<boolean> {
    return (await this.#reader.info(name)) !== null;
  }

  /** Has what nearly every run asks of the index under way before it is asked. */
  readAhead(): void {
    for (const path of [...STEERING, '.sops.yaml']) this.read(`:0:${path}`, path);
  }
}

/**
 * The files that steer how a batch is judged, as the change leaves them and as it found them. The
 * first commit of all finds them as it leaves them: there is nothing it could loosen.
 */
export class SteeringFiles {
  /** As the commit would have them. */
  readonly now: View;
  /** As its first parent has them. */
  readonly before: View;
  readonly #changes: ReadonlyMap<GitPath, ChangedFile>;

  constructor(batch: Batch, memory: Memory) {
    const tree = treeName(batch);
    const changes = batch.changes ?? batch.files;
    this.#changes = new Map(changes.map((file) => [file.path, file]));
    this.now = async (path) => (isRelative(path) ? null : memory.read(tree + path, path));
    this.before = async (path) => {
      const change = this.#changes.get(path);
      if (change === undefined) return this.now(path);
      const [oldest] = change.before;
      if (oldest !== undefined) return memory.read(oldest.oid, path);
      const parent = batch.commit === null ? 'HEAD' : `${batch.commit}^`;
      return (await memory.has(parent)) ? null : this.now(path);
    };
  }

  /** Whether the change touches one of them. */
  changes(paths: readonly GitPath[]): boolean {
    return paths.some((path) => this.#changes.has(path));
  }
}

/** Git would take such a path, which only a tree made by hand has, as seen from the current folder. */
function isRelative(path: GitPath): boolean {
  return /^\.{1,2}\//.test(path);
}
