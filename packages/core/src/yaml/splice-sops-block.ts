import type { Entry, MapNode } from '../document/document.ts';
import { mergeValue } from '../document/merge.ts';

/**
 * The items of a root with its sops block: merged into the old one where it stood, else last.
 * @param old the root as it was read, `sops` entry included
 */
export function withBlock(old: MapNode, next: MapNode, block: MapNode | null): MapNode {
  const at = old.items.findLastIndex((item) => item.kind === 'entry' && item.key === 'sops');
  const previous = old.items[at];
  if (block === null) {
    if (at === -1) return isSameMap(old, next) ? old : next;
    return { ...next, items: next.items };
  }
  const entry: Entry = { kind: 'entry', key: 'sops', value: block };
  if (previous?.kind !== 'entry') return { ...next, items: [...next.items, entry] };
  const value = mergeValue(previous.value, block);
  const merged = value === previous.value ? previous : { ...previous, value };
  const behind = new Set(old.items.slice(at + 1));
  const keysBehind = new Set(
    old.items.slice(at + 1).map((item) => (item.kind === 'entry' ? item.key : null)),
  );
  keysBehind.delete(null);
  let place = next.items.findIndex(
    (item) => behind.has(item) || (item.kind === 'entry' && keysBehind.has(item.key)),
  );
  if (place === -1) place = next.items.length;
  const items = [...next.items.slice(0, place), merged, ...next.items.slice(place)];
  const isSame =
    items.length === old.items.length && items.every((item, i) => item === old.items[i]);
  return isSame ? old : { ...next, items };
}

function isSameMap(old: MapNode, next: MapNode): boolean {
  return (
    old === next ||
    (old.items.length === next.items.length && old.items.every((item, i) => item === next.items[i]))
  );
}
