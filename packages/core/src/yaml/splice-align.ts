import type { Child } from './splice-context.ts';

/**
 * For each new child the index of the old one that it continues, or -1; growing. The same node is
 * found wherever it went, an entry by its key, the rest by position among what lies between. Linear
 * but for a factor log n.
 */
export function alignChildren(old: readonly Child[], next: readonly Child[]): number[] {
  const partner = new Array<number>(next.length).fill(-1);
  const shorter = Math.min(old.length, next.length);
  let head = 0;
  while (head < shorter && isSame(old[head], next[head])) partner[head] = head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    isSame(old[old.length - 1 - tail], next[next.length - 1 - tail])
  ) {
    partner[next.length - 1 - tail] = old.length - 1 - tail;
    tail++;
  }
  const range = { from: head, oldTo: old.length - tail, nextTo: next.length - tail };
  pairKnown({ old, next, partner }, range);
  pairGaps({ old, next, partner }, range);
  return partner;
}

interface Alignment {
  readonly old: readonly Child[];
  readonly next: readonly Child[];
  readonly partner: number[];
}

interface Range {
  readonly from: number;
  readonly oldTo: number;
  readonly nextTo: number;
}

function isSame(a: Child | undefined, b: Child | undefined): boolean {
  if (a === b) return true;
  return a?.kind === 'entry' && b?.kind === 'entry' && a.key === b.key;
}

/** Pairs the same nodes and keys, as many as keep their order. */
function pairKnown({ old, next, partner }: Alignment, { from, oldTo, nextTo }: Range): void {
  if (from === oldTo || from === nextTo) return;
  const nodes = new Map<Child, number>();
  const keys = new Map<string, number[]>();
  for (let i = from; i < oldTo; i++) {
    const child = old[i];
    if (child === undefined) continue;
    nodes.set(child, i);
    if (child.kind !== 'entry') continue;
    const list = keys.get(child.key);
    if (list === undefined) keys.set(child.key, [i]);
    else list.push(i);
  }
  const taken = new Set<number>();
  const found: { index: number; old: number }[] = [];
  for (let j = from; j < nextTo; j++) {
    const child = next[j];
    if (child === undefined) continue;
    const same = nodes.get(child) ?? sameKey(child, keys, taken);
    if (same === undefined || taken.has(same)) continue;
    taken.add(same);
    found.push({ index: j, old: same });
  }
  for (const pair of longestGrowing(found)) partner[pair.index] = pair.old;
}

function sameKey(
  child: Child,
  keys: ReadonlyMap<string, number[]>,
  taken: ReadonlySet<number>,
): number | undefined {
  if (child.kind !== 'entry') return undefined;
  const list = keys.get(child.key);
  while (list !== undefined && list.length > 0) {
    const index = list.shift();
    if (index !== undefined && !taken.has(index)) return index;
  }
  return undefined;
}

/** A longest part of the pairs whose old indexes grow. */
function longestGrowing<Pair extends { readonly old: number }>(pairs: readonly Pair[]): Pair[] {
  const ends: number[] = [];
  const before = new Array<number>(pairs.length).fill(-1);
  pairs.forEach((pair, i) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.old ?? 0) < pair.old) low = middle + 1;
      else high = middle;
    }
    before[i] = ends[low - 1] ?? -1;
    ends[low] = i;
  });
  const result: Pair[] = [];
  for (let i = ends.at(-1) ?? -1; i !== -1; i = before[i] ?? -1) {
    const pair = pairs[i];
    if (pair !== undefined) result.push(pair);
  }
  return result.reverse();
}

/** Between what is paired: comments with comments and values with values, in order. */
function pairGaps(alignment: Alignment, { from, oldTo, nextTo }: Range): void {
  const { partner } = alignment;
  let oldFrom = from;
  let nextFrom = from;
  for (let j = from; j <= nextTo; j++) {
    const paired = j === nextTo ? oldTo : (partner[j] ?? -1);
    if (paired === -1) continue;
    pairGap(alignment, { oldFrom, oldTo: paired, nextFrom, nextTo: j });
    oldFrom = paired + 1;
    nextFrom = j + 1;
  }
}

interface Gap {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly nextFrom: number;
  readonly nextTo: number;
}

function pairGap({ old, next, partner }: Alignment, gap: Gap): void {
  const length = gap.oldTo - gap.oldFrom;
  let inStep = length === gap.nextTo - gap.nextFrom;
  for (let k = 0; inStep && k < length; k++) {
    inStep = canContinue(old[gap.oldFrom + k], next[gap.nextFrom + k], true);
  }
  let i = gap.oldFrom;
  let j = gap.nextFrom;
  while (i < gap.oldTo && j < gap.nextTo) {
    if (canContinue(old[i], next[j], inStep)) partner[j++] = i++;
    else {
      // What has no partner makes way: an entry, else a comment.
      const isOldFirst = next[j]?.kind !== 'entry' && old[i]?.kind === 'comment';
      if (old[i]?.kind === 'entry' || isOldFirst) i++;
      else j++;
    }
  }
}

/** Entries pair by their key alone. A comment can become an element of a list and the reverse. */
function canContinue(a: Child | undefined, b: Child | undefined, inStep: boolean): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.kind === 'entry' || b.kind === 'entry') return false;
  if ((a.kind === 'comment') === (b.kind === 'comment')) return true;
  return inStep && (a.kind === 'leaf' || b.kind === 'leaf');
}
