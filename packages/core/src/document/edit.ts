import { TidelockError } from '../errors.ts';
import type { Element, Entry, Item, ListNode, MapNode, Value } from './document.ts';
import { formatTreePath, type TreePath } from './path.ts';

/**
 * The value at a path. Of equal keys the first counts, as in sops; comments count as elements.
 * @throws TidelockError ERR_PATH_NOT_FOUND
 */
export function getAt(root: MapNode, path: TreePath): Value {
  let at: Value = root;
  for (const [i, step] of path.entries()) {
    const found: Element | undefined = childAt(at, step);
    if (found === undefined || found.kind === 'comment') throw notFound(path, i);
    at = found;
  }
  return at;
}

/**
 * The tree with `value` at a path (SOPS-FORMAT 9.4): keys that are missing are appended, an index at
 * or beyond a list's end appends, a scalar on the way is replaced. Untouched nodes are shared.
 * @throws TidelockError ERR_PATH_NOT_FOUND for a key into a list or an index into a map
 */
export function setAt(root: MapNode, path: TreePath, value: Value): MapNode {
  if (path.length === 0) throw emptyPath();
  if (path.length > MAX_STEPS) throw tooDeep();
  const result = setBelow(root, { path, at: 0 }, value);
  if (result.kind !== 'map') throw new TypeError('a map stays a map');
  return result;
}

/**
 * The tree without what is at a path; all else is shared.
 * @throws TidelockError ERR_PATH_NOT_FOUND
 */
export function unsetAt(root: MapNode, path: TreePath): MapNode {
  if (path.length === 0) throw emptyPath();
  const result = unsetBelow(root, { path, at: 0 });
  if (result.kind !== 'map') throw new TypeError('a map stays a map');
  return result;
}

const MAX_STEPS = 500;

interface Cursor {
  readonly path: TreePath;
  readonly at: number;
}

function setBelow(target: Element, cursor: Cursor, value: Value): Value {
  const step = cursor.path[cursor.at];
  if (step === undefined) return value;
  const next = { path: cursor.path, at: cursor.at + 1 };
  if (target.kind === 'map') return setInMap(target, cursor, (old) => setOr(old, next, value));
  if (target.kind === 'list') return setInList(target, cursor, (old) => setOr(old, next, value));
  return valueAlong(cursor, value);
}

function setOr(old: Element | undefined, next: Cursor, value: Value): Value {
  return old === undefined ? valueAlong(next, value) : setBelow(old, next, value);
}

type Replace = (old: Element | undefined) => Value;

function setInMap(map: MapNode, { path, at }: Cursor, replace: Replace): MapNode {
  const key = path[at];
  if (typeof key !== 'string') throw wrongKind(path, at);
  const index = indexOfKey(map, key);
  const item = map.items[index];
  if (item?.kind !== 'entry') {
    const added: Entry = { kind: 'entry', key, value: replace(undefined) };
    return { ...map, items: [...map.items, added] };
  }
  const value = replace(item.value);
  return value === item.value ? map : withItem(map, index, { ...item, value });
}

function setInList(list: ListNode, { path, at }: Cursor, replace: Replace): ListNode {
  const index = path[at];
  if (typeof index !== 'number') throw wrongKind(path, at);
  const old = list.elements[index];
  const value = replace(old);
  if (value === old) return list;
  const elements = old === undefined ? [...list.elements, value] : list.elements.with(index, value);
  return { ...list, elements };
}

/** What a path that does not exist yet is made of: maps of one key, lists of one element. */
function valueAlong({ path, at }: Cursor, value: Value): Value {
  let built = value;
  for (let i = path.length - 1; i >= at; i--) {
    const step = path[i];
    built =
      typeof step === 'string'
        ? { kind: 'map', items: [{ kind: 'entry', key: step, value: built }] }
        : { kind: 'list', elements: [built] };
  }
  return built;
}

function unsetBelow(target: Value, cursor: Cursor): Value {
  const { path, at } = cursor;
  const child = childAt(target, path[at]);
  if (child === undefined) throw notFound(path, at);
  if (at === path.length - 1) return withoutChild(target, path[at]);
  if (child.kind === 'comment') throw notFound(path, at + 1);
  const next = unsetBelow(child, { path, at: at + 1 });
  return target.kind === 'map'
    ? setInMap(target, cursor, () => next)
    : setInList(asList(target), cursor, () => next);
}

function withoutChild(target: Value, step: string | number | undefined): Value {
  if (target.kind === 'map' && typeof step === 'string') {
    return { ...target, items: target.items.toSpliced(indexOfKey(target, step), 1) };
  }
  const list = asList(target);
  return { ...list, elements: list.elements.toSpliced(Number(step), 1) };
}

function childAt(target: Value, step: string | number | undefined): Element | undefined {
  if (target.kind === 'map' && typeof step === 'string') {
    const item = target.items[indexOfKey(target, step)];
    return item?.kind === 'entry' ? item.value : undefined;
  }
  return target.kind === 'list' && typeof step === 'number' ? target.elements[step] : undefined;
}

function indexOfKey(map: MapNode, key: string): number {
  return map.items.findIndex((item) => item.kind === 'entry' && item.key === key);
}

function withItem(map: MapNode, index: number, item: Item): MapNode {
  return { ...map, items: map.items.with(index, item) };
}

function asList(value: Value): ListNode {
  if (value.kind === 'list') return value;
  throw new TypeError('not a list');
}

function notFound(path: TreePath, at: number): TidelockError {
  const step = path[at];
  const what = typeof step === 'number' ? `Index ${step} out of bounds` : `Key not found: ${step}`;
  return new TidelockError('ERR_PATH_NOT_FOUND', `${what} (${formatTreePath(path)})`, {
    hint: 'Look at the keys of the file; they are not encrypted.',
  });
}

function wrongKind(path: TreePath, at: number): TidelockError {
  const needs = typeof path[at] === 'number' ? 'is a map, not a list' : 'is a list, not a map';
  const where = at === 0 ? 'the document' : formatTreePath(path.slice(0, at));
  return new TidelockError('ERR_PATH_NOT_FOUND', `${where} ${needs}`, {
    hint: 'A map is addressed by quoted keys, a list by indexes from 0.',
  });
}

function emptyPath(): TidelockError {
  return new TidelockError('ERR_TREE_PATH', 'the tree path is empty', {
    hint: 'Name what to change, such as \'["database"]["password"]\'.',
  });
}

function tooDeep(): TidelockError {
  return new TidelockError('ERR_TREE_PATH', `the tree path has more than ${MAX_STEPS} components`);
}
