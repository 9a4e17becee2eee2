import type { BatchAnswer } from './batch-answer.ts';
import { BatchProcess, type BatchRequest } from './batch-process.ts';
import { GitError } from './errors.ts';
import { pathToBytes } from './path.ts';
import { preloadObjects } from './preload.ts';
import type { Git } from './run.ts';

export interface ObjectInfo {
  readonly oid: string;
  readonly type: string;
  readonly size: number;
}

export type BlobResult =
  | { readonly kind: 'blob'; readonly oid: string; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large'; readonly oid: string; readonly size: number }
  | { readonly kind: 'not-a-blob'; readonly type: string }
  | { readonly kind: 'missing' };

export interface ReadOptions {
  /** A larger blob is not read, only measured. May come while the sizes are asked for. */
  readonly maxBytes: number | Promise<number>;
  /** Bytes that may be under way at a time in `readBlobs`; default 32 MiB. */
  readonly windowBytes?: number;
}

type Request = Pick<BatchRequest, 'wantsBody' | 'resolve' | 'reject'> & {
  readonly name: Uint8Array;
};

const INFO = Buffer.from('info ');
const CONTENTS = Buffer.from('contents ');
const DEFAULT_WINDOW = 32 * 1024 * 1024;
/** Sizes asked for ahead of the contents. */
const AHEAD = 512;

/**
 * Reads objects through one long-lived `git cat-file`. A blob's size is asked first, so one that is
 * too large never crosses the pipe. Names are object ids, or revisions such as `HEAD` and `:0:path`;
 * they travel over standard input, paths in
 * the form of GitPath.
 */
export class ObjectReader {
  readonly #git: Git;
  #process: BatchProcess | null = null;
  /** Git before 2.36: one process for sizes, one for contents. */
  #old: { sizes: BatchProcess; contents: BatchProcess } | null = null;
  #isClosed = false;
  /** Answers that were had beforehand, by name and by object id. */
  readonly #preloaded = new Map<string, BatchAnswer | null>();

  constructor(git: Git) {
    this.#git = git;
  }

  /** Starts the process now, so that it is ready when the first object is asked for. */
  warmUp(): void {
    if (this.#process === null && !this.#isClosed) {
      const child = this.#git.start(['cat-file', '--batch-command']);
      this.#process = new BatchProcess(child, (open) => this.#fallBack(open));
    }
  }

  /**
   * Has these objects at hand before they are asked for, at the price of one short process and no
   * more. Blocks. Where it does not succeed, they are read when they are asked for.
   */
  preload(names: readonly string[]): void {
    const usable = names.filter((name) => !isUnaskable(pathToBytes(name)));
    const answers = preloadObjects(this.#git, usable.map(pathToBytes));
    answers?.forEach((answer, i) => {
      this.#preloaded.set(usable[i] ?? '', answer);
      if (answer !== null) this.#preloaded.set(answer.oid, answer);
    });
  }

  /** null when there is no such object. */
  async info(name: string): Promise<ObjectInfo | null> {
    const answer = await this.#ask(name, false);
    return answer === null ? null : { oid: answer.oid, type: answer.type, size: answer.size };
  }

  async readBlob(name: string, options: ReadOptions): Promise<BlobResult> {
    return this.#read(await this.info(name), options);
  }

  /** The blobs in the order of the names, with a bounded number of bytes in memory. */
  async *readBlobs(names: readonly string[], options: ReadOptions): AsyncGenerator<BlobResult> {
    const window = options.windowBytes ?? DEFAULT_WINDOW;
    const infos: Promise<ObjectInfo | null>[] = [];
    const underway: { result: Promise<BlobResult>; size: number }[] = [];
    let bytes = 0;
    let asked = 0;
    let next = 0;
    while (next < names.length || underway.length > 0) {
      while (asked < names.length && asked < next + AHEAD)
        infos.push(quiet(this.info(names[asked++] ?? '')));
      while (next < names.length && next < asked && (underway.length === 0 || bytes < window)) {
        const info = (await infos[next]) ?? null;
        infos[next++] = NOTHING;
        const size = info === null || info.size > (await options.maxBytes) ? 0 : info.size;
        bytes += size;
        underway.push({ result: quiet(this.#read(info, options)), size });
      }
      const first = underway.shift();
      if (first === undefined) continue;
      yield await first.result;
      bytes -= first.size;
    }
  }

  /** Ends the process once everything asked for is answered. */
  close(): void {
    this.#isClosed = true;
    this.#process?.close();
    this.#old?.sizes.close();
    this.#old?.contents.close();
  }

  async #read(info: ObjectInfo | null, options: ReadOptions): Promise<BlobResult> {
    if (info === null) return { kind: 'missing' };
    if (info.type !== 'blob') return { kind: 'not-a-blob', type: info.type };
    if (info.size > (await options.maxBytes))
      return { kind: 'too-large', oid: info.oid, size: info.size };
    const answer = await this.#ask(info.oid, true);
    if (answer?.body == null) return { kind: 'missing' };
    return { kind: 'blob', oid: info.oid, bytes: answer.body };
  }

  async #ask(name: string, wantsBody: boolean): Promise<BatchAnswer | null> {
    if (this.#isClosed) throw new GitError('ERR_GIT_OBJECT', 'the object reader is closed');
    const preloaded = this.#preloaded.get(name);
    if (preloaded !== undefined) return preloaded;
    const bytes = pathToBytes(name);
    if (bytes.includes(0)) throw new GitError('ERR_GIT_PATH', 'no name holds a NUL byte');
    if (bytes.includes(10)) return this.#askListed(name, wantsBody);
    this.warmUp();
    return new Promise((resolve, reject) =>
      this.#send({ name: bytes, wantsBody, resolve, reject }),
    );
  }

  /** A request is a line: of a name with a line break the id is asked for instead. */
  async #askListed(name: string, wantsBody: boolean): Promise<BatchAnswer | null> {
    const { findListed } = await import('./find-listed.ts');
    const oid = await findListed(this.#git, name);
    return oid === null ? null : this.#ask(oid, wantsBody);
  }

  #send(request: Request): void {
    const { name, wantsBody, resolve, reject } = request;
    if (this.#old !== null) {
      const target = wantsBody ? this.#old.contents : this.#old.sizes;
      target.ask({ line: name, wantsBody, resolve, reject });
    } else if (this.#process !== null) {
      const line = Buffer.concat([wantsBody ? CONTENTS : INFO, name]);
      this.#process.ask({ line, wantsBody, resolve, reject });
    } else reject(new GitError('ERR_GIT_FAILED', 'git cat-file ended'));
  }

  #fallBack(open: readonly BatchRequest[]): void {
    this.#old = {
      sizes: new BatchProcess(this.#git.start(['cat-file', '--batch-check'])),
      contents: new BatchProcess(this.#git.start(['cat-file', '--batch'])),
    };
    for (const { line, wantsBody, resolve, reject } of open) {
      this.#send({ name: line.subarray(line.indexOf(32) + 1), wantsBody, resolve, reject });
    }
    if (this.#isClosed) this.close();
  }
}

/** The lines of the protocol cannot carry it. */
function isUnaskable(name: Uint8Array): boolean {
  return name.includes(10) || name.includes(0);
}

const NOTHING: Promise<ObjectInfo | null> = Promise.resolve(null);

/** A rejection counts when it is awaited, not while it waits in a queue. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
