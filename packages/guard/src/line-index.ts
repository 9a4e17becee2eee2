import type { Range, TextSpan } from './types.ts';

/** Offsets to lines and columns. Lines end at LF, CRLF or a lone CR, as editors count them. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.#starts = lineStarts(text);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** 0-based index of the line that holds this offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The line's characters without its line break. */
  lineSpan(line: number): TextSpan {
    const start = this.#starts[line] ?? this.#text.length;
    let end = this.#starts[line + 1] ?? this.#text.length;
    while (end > start && isBreak(this.#text.charCodeAt(end - 1))) end--;
    return { start, end };
  }

  line(line: number): string {
    const { start, end } = this.lineSpan(line);
    return this.#text.slice(start, end);
  }

  rangeOf(span: TextSpan): Range {
    const startLine = this.lineAt(span.start);
    const endLine = this.lineAt(Math.max(span.start, span.end));
    return {
      startLine: startLine + 1,
      startColumn: span.start - (this.#starts[startLine] ?? 0) + 1,
      endLine: endLine + 1,
      endColumn: span.end - (this.#starts[endLine] ?? 0) + 1,
    };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      starts.push(at + 1);
    }
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}
