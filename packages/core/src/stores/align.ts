/** One place of a sequence before and after a change; null where it has no counterpart. */
export interface AlignedStep<T> {
  readonly old: T | null;
  readonly next: T | null;
}

/**
 * Pairs two versions of a sequence, in an order that keeps both: the same object first, then equal
 * keys from left to right. What moved appears as removed and added. Linear in both lengths.
 * @param keyOf what makes an old and a new item versions of one thing
 */
export function align<T extends object>(
  old: readonly T[],
  next: readonly T[],
  keyOf: (item: T) => string,
): AlignedStep<T>[] {
  if (old.length === next.length) {
    const pairs = next.map(
      (item, index): AlignedStep<T> => ({ old: old[index] ?? null, next: item }),
    );
    if (pairs.every((pair) => pair.old !== null && isSame(pair.old, pair.next, keyOf)))
      return pairs;
  }
  const indexOf = new Map(old.map((item, index) => [item, index]));
  const steps: AlignedStep<T>[] = [];
  let oldFrom = 0;
  let nextFrom = 0;
  next.forEach((item, index) => {
    const at = indexOf.get(item);
    if (at === undefined || at < oldFrom) return;
    alignByKey(old.slice(oldFrom, at), next.slice(nextFrom, index), keyOf, steps);
    steps.push({ old: item, next: item });
    oldFrom = at + 1;
    nextFrom = index + 1;
  });
  alignByKey(old.slice(oldFrom), next.slice(nextFrom), keyOf, steps);
  return steps;
}

function isSame<T>(old: T, next: T | null, keyOf: (item: T) => string): boolean {
  return old === next || (next !== null && keyOf(old) === keyOf(next));
}

function alignByKey<T>(
  old: readonly T[],
  next: readonly T[],
  keyOf: (item: T) => string,
  steps: AlignedStep<T>[],
): void {
  if (old.length === 0 && next.length === 0) return;
  const places = placesByKey(old, keyOf);
  let cursor = 0;
  for (const item of next) {
    const at = takeFrom(places.get(keyOf(item)), cursor);
    if (at === null) {
      steps.push({ old: null, next: item });
      continue;
    }
    for (; cursor < at; cursor++) steps.push({ old: old[cursor] ?? null, next: null });
    steps.push({ old: old[cursor] ?? null, next: item });
    cursor++;
  }
  for (; cursor < old.length; cursor++) steps.push({ old: old[cursor] ?? null, next: null });
}

interface Places {
  readonly indexes: number[];
  taken: number;
}

function placesByKey<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, Places> {
  const places = new Map<string, Places>();
  items.forEach((item, index) => {
    const known = places.get(keyOf(item));
    if (known === undefined) places.set(keyOf(item), { indexes: [index], taken: 0 });
    else known.indexes.push(index);
  });
  return places;
}

function takeFrom(places: Places | undefined, cursor: number): number | null {
  if (places === undefined) return null;
  for (; places.taken < places.indexes.length; places.taken++) {
    const at = places.indexes[places.taken];
    if (at !== undefined && at >= cursor) {
      places.taken++;
      return at;
    }
  }
  return null;
}
