import { floatFixed } from '@tidelock/core';
import {
  child,
  entriesOf,
  type Scalar,
  Source,
  structureOf,
  type Tree,
  type TreeMap,
} from '@tidelock/guard';
import { LeftToHand } from './remote-secret.ts';

/** A JSON object with its own text: numbers keep every digit. */
export interface JsonObject {
  readonly text: string;
  readonly map: TreeMap;
}

/** null: the bytes are no JSON object. */
export function jsonObject(bytes: Uint8Array): JsonObject | null {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const root = structureOf(new Source('value.json', Buffer.from(text))).documents[0]?.root;
  return root?.kind === 'map' ? { text, map: root } : null;
}

/** The object below some keys; null: there is none. */
export function within({ text, map }: JsonObject, ...keys: readonly string[]): JsonObject | null {
  let at: Tree | undefined = map;
  for (const key of keys) at = child(at, key);
  return at?.kind === 'map' ? { text, map: at } : null;
}

/** The object as it is written. */
export function objectText({ text, map }: JsonObject): Uint8Array {
  return Buffer.from(text.slice(map.span.start, map.span.end));
}

/** Every key of the object with its value. @throws LeftToHand for null */
export function fieldsOf({ text, map }: JsonObject, what: string): ReadonlyMap<string, Uint8Array> {
  return new Map(
    entriesOf(map).map(({ key, value }) => [key, valueBytes(text, value, `${key} of ${what}`)]),
  );
}

/**
 * One value by a key, or by a path with points where no key is called so. Numbers on the way of a path
 * are written as External Secrets does. @throws LeftToHand where nothing is there
 */
export function propertyOf({ text, map }: JsonObject, property: string, what: string): Uint8Array {
  let at: Tree | undefined = child(map, property);
  if (at === undefined) {
    at = map;
    for (const key of property.split('.')) at = elementOf(at, key);
  }
  if (at === undefined) throw new LeftToHand(`${what} has no property ${property}`);
  const bytes = valueBytes(text, at, `${property} of ${what}`);
  return isFraction(at) ? Buffer.from(floatFixed(Number(at.value))) : bytes;
}

const isFraction = (tree: Tree): tree is Scalar =>
  tree.kind === 'scalar' && !tree.quoted && /^-?\d.*[.eE]/.test(tree.value);

function elementOf(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'list' && /^\d{1,9}$/.test(key)
    ? tree.elements[Number(key)]
    : child(tree, key);
}

function valueBytes(text: string, tree: Tree, what: string): Uint8Array {
  if (tree.kind === 'scalar' && tree.quoted) return Buffer.from(tree.value);
  const written = text.slice(tree.span.start, tree.span.end);
  if (written === 'null') throw new LeftToHand(`${what} is null in the store`);
  return Buffer.from(written);
}
