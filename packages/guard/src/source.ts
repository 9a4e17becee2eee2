import { LineIndex } from './line-index.ts';
import { type DecodedText, decodeText } from './text-encoding.ts';

export interface SourceOptions {
  /** Git's mode of the entry, where it is known: symlinks and submodules are told apart by it. */
  readonly mode?: '100644' | '100755' | '120000' | '160000';
}

/**
 * One file under examination: its path and bytes, and what can be derived from them, each worked
 * out once and only when a rule asks.
 */
export class Source {
  /** Relative, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: string | null;
  #decoded: DecodedText | undefined;
  #lines: LineIndex | undefined;
  readonly #derived = new Map<(source: Source) => unknown, unknown>();

  constructor(path: string, bytes: Uint8Array, options: SourceOptions = {}) {
    this.path = path;
    this.bytes = bytes;
    this.mode = options.mode ?? null;
  }

  get #content(): DecodedText {
    this.#decoded ??= decodeText(this.bytes);
    return this.#decoded;
  }

  /** The text, without a byte order mark; null when the bytes are not text (`encoding` says why). */
  get text(): string | null {
    return this.#content.text;
  }

  get encoding(): DecodedText['encoding'] {
    return this.#content.encoding;
  }

  /** UTF-16 units of a byte order mark before `text`: 0 or 1. */
  get markLength(): 0 | 1 {
    return this.#content.markLength;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text ?? '');
    return this.#lines;
  }

  /** The last part of the path. */
  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  /** What `compute` makes of this source; computed at most once. Key is the function itself. */
  derive<T>(compute: (source: Source) => T): T {
    if (!this.#derived.has(compute)) this.#derived.set(compute, compute(this));
    return this.#derived.get(compute) as T;
  }
}
