import type { TextSpan } from './types.ts';

export function overlaps(a: TextSpan, b: TextSpan): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Spans in order of their start as spans in order and apart. */
export function mergeSpans(ordered: readonly TextSpan[]): readonly TextSpan[] {
  const merged: TextSpan[] = [];
  for (const span of ordered) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { start: last.start, end: span.end };
  }
  return merged;
}

/** Whether any of the spans (in order and apart) overlaps this one. */
export function touches(apart: readonly TextSpan[], span: TextSpan): boolean {
  const found = firstEndingAfter(apart, span.start);
  return found !== undefined && overlaps(found, span);
}

/** Whether one of the spans (in order and apart) holds all of this one. */
export function within(apart: readonly TextSpan[], span: TextSpan): boolean {
  const found = firstEndingAfter(apart, span.start);
  return found !== undefined && found.start <= span.start && span.end <= found.end;
}

/** By bisection. */
function firstEndingAfter(apart: readonly TextSpan[], at: number): TextSpan | undefined {
  let low = 0;
  let high = apart.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((apart[middle]?.end ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return apart[low];
}
