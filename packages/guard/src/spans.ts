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

/** Whether any of the spans (in order and apart) overlaps this one; by bisection. */
export function touches(apart: readonly TextSpan[], span: TextSpan): boolean {
  let low = 0;
  let high = apart.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((apart[middle]?.end ?? 0) <= span.start) low = middle + 1;
    else high = middle;
  }
  const found = apart[low];
  return found !== undefined && overlaps(found, span);
}
