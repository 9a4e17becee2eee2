import {
  type Comment,
  type Element,
  type Entry,
  entriesOf,
  type Item,
  type ListNode,
  type MapNode,
  sameScalar,
  type Value,
} from './document.ts';

/**
 * A tree equal in value to `next` that shares every unchanged node with `old`, so that writing it
 * over `old` touches only what changed. Keys that both have keep old's order, new ones go behind
 * their neighbour in `next`; comments of `old` stay. The cost is linear in size times depth.
 */
export function mergeValue(old: Value, next: Value): Value {
  if (old === next || equalValues(old, next)) return old;
  if (old.kind === 'map' && next.kind === 'map') return mergeMaps(old, next);
  if (old.kind === 'list' && next.kind === 'list') return mergeLists(old, next);
  return next;
}

/** Equal in keys, order and values. Comments do not count. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === 'leaf') return b.kind === 'leaf' && sameScalar(a.scalar, b.scalar);
  if (a.kind === 'map') {
    if (b.kind !== 'map') return false;
    const others = entriesOf(b);
    const mine = entriesOf(a);
    return (
      mine.length === others.length &&
      mine.every((entry, i) => {
        const other = others[i];
        return (
          other !== undefined && entry.key === other.key && equalValues(entry.value, other.value)
        );
      })
    );
  }
  if (b.kind !== 'list') return false;
  const others = values(b);
  const mine = values(a);
  return (
    mine.length === others.length &&
    mine.every((value, i) => {
      const other = others[i];
      return other !== undefined && equalValues(value, other);
    })
  );
}

function mergeMaps(old: MapNode, next: MapNode): MapNode {
  const wanted = new Map(entriesOf(next).map((entry) => [entry.key, entry]));
  const had = new Set(entriesOf(old).map((entry) => entry.key));
  // A key twice: which one is meant cannot be told, so nothing is shared.
  if (wanted.size !== entriesOf(next).length || had.size !== entriesOf(old).length) return next;
  const added = addedBehind(next, had);
  const items: Item[] = [...(added.get(null) ?? [])];
  for (const item of old.items) {
    if (item.kind === 'comment') {
      items.push(item);
      continue;
    }
    const entry = wanted.get(item.key);
    if (entry === undefined) continue;
    const value = mergeValue(item.value, entry.value);
    items.push(value === item.value ? item : { ...item, value }, ...(added.get(item.key) ?? []));
  }
  return sameNodes(items, old.items) ? old : { ...old, items };
}

/** New entries by the key both have that they follow in `next`; null: none precedes them. */
function addedBehind(next: MapNode, had: ReadonlySet<string>): Map<string | null, Entry[]> {
  const added = new Map<string | null, Entry[]>();
  let behind: string | null = null;
  for (const entry of entriesOf(next)) {
    if (had.has(entry.key)) {
      behind = entry.key;
      continue;
    }
    const list = added.get(behind);
    if (list === undefined) added.set(behind, [entry]);
    else list.push(entry);
  }
  return added;
}

function mergeLists(old: ListNode, next: ListNode): ListNode {
  const mine = withComments(old);
  const wanted = values(next);
  const partner = alignElements(
    mine.slots.map((slot) => slot.value),
    wanted,
  );
  const elements: Element[] = [];
  wanted.forEach((value, i) => {
    const slot = mine.slots[partner[i] ?? -1];
    if (slot === undefined) elements.push(value);
    else elements.push(...slot.comments, mergeValue(slot.value, value));
  });
  elements.push(...mine.trailing);
  return sameNodes(elements, old.elements) ? old : { ...old, elements };
}

/** For each wanted element the index of the old one it continues, in growing order. */
function alignElements(mine: readonly Value[], wanted: readonly Value[]): (number | undefined)[] {
  const partner: (number | undefined)[] = wanted.map(() => undefined);
  const shorter = Math.min(mine.length, wanted.length);
  const equalAt = (i: number, j: number): boolean => {
    const a = mine[i];
    const b = wanted[j];
    return a !== undefined && b !== undefined && equalValues(a, b);
  };
  let head = 0;
  while (head < shorter && equalAt(head, head)) partner[head] = head++;
  let tail = 0;
  while (tail < shorter - head && equalAt(mine.length - 1 - tail, wanted.length - 1 - tail)) {
    partner[wanted.length - 1 - tail] = mine.length - 1 - tail;
    tail++;
  }
  const left = pairById(
    mine.slice(head, mine.length - tail),
    wanted.slice(head, wanted.length - tail),
  );
  left.forEach((index, i) => {
    if (index !== undefined) partner[head + i] = head + index;
  });
  return partner;
}

/** Pairs by identity where elements have one, in order; those without one by position. */
function pairById(mine: readonly Value[], wanted: readonly Value[]): (number | undefined)[] {
  const places = new Map<string, number[]>();
  mine.forEach((value, i) => {
    const id = identity(value, i);
    const list = places.get(id);
    if (list === undefined) places.set(id, [i]);
    else list.push(i);
  });
  let last = -1;
  return wanted.map((value, i) => {
    const index = places.get(identity(value, i))?.shift();
    if (index === undefined || index <= last) return undefined;
    last = index;
    return index;
  });
}

/** What names a master key in the metadata (SOPS-FORMAT 5). */
const NAMES: readonly (readonly string[])[] = [
  ['recipient'],
  ['fp'],
  ['arn'],
  ['resource_id'],
  ['vault_url', 'name'],
  ['vault_address', 'engine_path', 'key_name'],
  ['key_id'],
];

function identity(value: Value, position: number): string {
  if (value.kind === 'leaf') return `leaf ${value.scalar.type} ${scalarName(value)}`;
  if (value.kind === 'list') return `list ${position}`;
  const texts = new Map<string, string>();
  for (const { key, value: child } of entriesOf(value)) {
    if (child.kind === 'leaf') texts.set(key, scalarName(child));
  }
  const names = NAMES.find((keys) => keys.every((key) => texts.has(key)));
  if (names === undefined) return `map ${position}`;
  return JSON.stringify(names.map((key) => [key, texts.get(key)]));
}

function scalarName(leaf: Value & { kind: 'leaf' }): string {
  return leaf.scalar.type === 'null' ? '' : String(leaf.scalar.value);
}

interface Slot {
  /** Those right before the element. */
  readonly comments: readonly Comment[];
  readonly value: Value;
}

function withComments(list: ListNode): { slots: readonly Slot[]; trailing: readonly Comment[] } {
  const slots: Slot[] = [];
  let comments: Comment[] = [];
  for (const element of list.elements) {
    if (element.kind === 'comment') comments.push(element);
    else {
      slots.push({ comments, value: element });
      comments = [];
    }
  }
  return { slots, trailing: comments };
}

function values(list: ListNode): readonly Value[] {
  return list.elements.filter((element): element is Value => element.kind !== 'comment');
}

function sameNodes(a: readonly (Item | Element)[], b: readonly (Item | Element)[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}
