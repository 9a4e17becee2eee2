import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { type BatchAnswer, parseBatchHeader } from './batch-answer.ts';
import { GitError, gitFailure } from './errors.ts';
import { collectStderr } from './run.ts';

export interface BatchRequest {
  readonly line: Uint8Array;
  readonly wantsBody: boolean;
  resolve(answer: BatchAnswer | null): void;
  reject(error: Error): void;
}

/** A `cat-file` of a version that does not know `--batch-command` (before 2.36). */
export class UnknownBatchCommand extends Error {}

const SILENCE_MS = 120_000;
const USAGE_EXIT = 129;
const LINE_END = Buffer.from('\n');

/**
 * One `git cat-file --batch*` process: requests go in as lines, answers come back in their order.
 * When it dies, what is still open is rejected, or handed to `onUnsupported`.
 */
export class BatchProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending: BatchRequest[] = [];
  #next = 0;
  #failure: Error | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #header: Buffer[] = [];
  #body: { answer: Omit<BatchAnswer, 'body'>; bytes: Buffer; filled: number } | null = null;

  constructor(
    child: ChildProcessWithoutNullStreams,
    onUnsupported?: (open: readonly BatchRequest[]) => void,
  ) {
    this.#child = child;
    const stderr = collectStderr(child);
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    child.on('error', (cause) => {
      this.#end(new GitError('ERR_GIT_FAILED', 'git cat-file could not be started', { cause }));
    });
    child.on('close', (code) => {
      if (code === USAGE_EXIT && onUnsupported !== undefined) {
        this.#failure = new UnknownBatchCommand();
        this.#stopClock();
        onUnsupported(this.#takeOpen());
      } else this.#end(gitFailure('git cat-file ended', stderr()));
    });
  }

  ask(request: BatchRequest): void {
    if (this.#failure !== null) {
      request.reject(this.#failure);
      return;
    }
    this.#pending.push(request);
    this.#startClock();
    this.#child.stdin.write(Buffer.concat([request.line, LINE_END]));
  }

  /** No more requests: the process ends by itself. */
  close(): void {
    this.#child.stdin.end();
  }

  #read(chunk: Buffer): void {
    if (this.#failure !== null) return;
    try {
      for (let at = 0; at < chunk.length; ) {
        at = this.#body === null ? this.#readHeader(chunk, at) : this.#readBody(chunk, at);
      }
      if (this.#next < this.#pending.length) this.#startClock();
      else this.#stopClock();
    } catch (error) {
      this.#child.kill('SIGKILL');
      this.#end(error instanceof Error ? error : new GitError('ERR_GIT_OUTPUT', 'unreadable'));
    }
  }

  #readHeader(chunk: Buffer, from: number): number {
    const lineEnd = chunk.indexOf(10, from);
    if (lineEnd === -1) {
      this.#header.push(chunk.subarray(from));
      return chunk.length;
    }
    const line = Buffer.concat([...this.#header, chunk.subarray(from, lineEnd)]).toString('latin1');
    this.#header.length = 0;
    this.#answerHeader(line);
    return lineEnd + 1;
  }

  #answerHeader(line: string): void {
    const request = this.#pending[this.#next];
    if (request === undefined)
      throw new GitError('ERR_GIT_OUTPUT', 'git cat-file answered unasked');
    const answer = parseBatchHeader(line);
    if (answer === null) {
      this.#shift().resolve(null);
      return;
    }
    if (!request.wantsBody) this.#shift().resolve({ ...answer, body: null });
    else this.#body = { answer, bytes: Buffer.allocUnsafeSlow(answer.size), filled: 0 };
  }

  #readBody(chunk: Buffer, from: number): number {
    const body = this.#body;
    if (body === null) return from;
    const take = Math.min(chunk.length - from, body.bytes.length - body.filled);
    chunk.copy(body.bytes, body.filled, from, from + take);
    body.filled += take;
    const at = from + take;
    if (body.filled < body.bytes.length || at === chunk.length) return at;
    this.#body = null;
    this.#shift().resolve({ ...body.answer, body: body.bytes });
    return at + 1;
  }

  /** The oldest open request; the array is compacted now and then, so that a step costs nothing. */
  #shift(): BatchRequest {
    const request = this.#pending[this.#next++];
    if (request === undefined)
      throw new GitError('ERR_GIT_OUTPUT', 'git cat-file answered unasked');
    if (this.#next > 1024 && this.#next * 2 > this.#pending.length) {
      this.#pending.splice(0, this.#next);
      this.#next = 0;
    }
    return request;
  }

  #takeOpen(): BatchRequest[] {
    const open = this.#pending.slice(this.#next);
    this.#pending.length = 0;
    this.#next = 0;
    return open;
  }

  #end(error: Error): void {
    this.#failure ??= error;
    this.#stopClock();
    for (const request of this.#takeOpen()) request.reject(this.#failure);
  }

  #startClock(): void {
    if (this.#timer !== null) {
      this.#timer.refresh();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#child.kill('SIGKILL');
      this.#end(new GitError('ERR_GIT_TIMEOUT', `git cat-file was silent for ${SILENCE_MS} ms`));
    }, SILENCE_MS);
  }

  #stopClock(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
