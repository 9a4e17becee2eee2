import type { Position } from '../errors.ts';

/**
 * Line and column of one UTF-16 offset. Lines end at `\n` as Git counts them, so a CR is the last
 * column of its line. Costs a pass over the text: for many look-ups make a `LineIndex`.
 */
export function positionAt(text: string, offset: number): Position {
  const at = clamp(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (;;) {
    const next = text.indexOf('\n', lineStart);
    if (next === -1 || next >= at) break;
    line++;
    lineStart = next + 1;
  }
  return { line, column: at - lineStart + 1 };
}

/** Where each line of a text begins: one pass to build, then every look-up is a binary search. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', next + 1)) {
      starts.push(next + 1);
    }
    this.#starts = starts;
    this.#length = text.length;
  }

  /** How many lines the text has; a final line break begins one more, empty line. */
  get lineCount(): number {
    return this.#starts.length;
  }

  positionAt(offset: number): Position {
    const at = clamp(offset, this.#length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.startOf(middle + 1) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - this.startOf(low + 1) + 1 };
  }

  /** Offset of the first character of a 1-based line; the end of the text for a line past the last. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.#length;
  }
}

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(offset, length));
}
