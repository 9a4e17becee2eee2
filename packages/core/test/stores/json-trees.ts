import fc from 'fast-check';
import type {
  Document,
  Element,
  Entry,
  Item,
  Leaf,
  MapNode,
  Scalar,
  Value,
} from '../../src/document/document.ts';
import { mapOf, stringLeaf } from '../../src/document/document.ts';

/** Keys that plain objects would treat in their own way, and some that need escapes. */
export const oddKey = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', '10', '2', 'a', 'b', 'dup', 'toString', 'x:y', 'é'),
  fc.string({ maxLength: 6, unit: 'grapheme' }),
);

export const oddText = fc.oneof(
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.string({
    maxLength: 8,
    unit: fc.constantFrom('"', "'", '`', '\\', '\n', '\r', '\t', ' ', '#', ';', '=', 'n', '<', '/'),
  }),
  fc.constantFrom('', '"""', '<a&b>', '\u2028', '\u0001', '😀', '/path', 'ENC[x]'),
);

export const TOKEN = 'ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CC==,type:str]';

export function sopsBlock(count = 1): MapNode {
  const keys = Array.from({ length: count }, (_, index) =>
    mapOf([
      ['enc', stringLeaf('-----BEGIN\nline\n-----END\n')],
      ['recipient', stringLeaf(`age1${index}`)],
    ]),
  );
  return mapOf([
    ['age', { kind: 'list', elements: keys }],
    ['lastmodified', stringLeaf('2026-01-01T00:00:00Z')],
    ['mac', stringLeaf(TOKEN)],
    ['version', stringLeaf('3.13.3')],
  ]);
}

/** The same tree with each selected leaf replaced, sharing what stays. */
export function mapLeavesOf<T extends Value>(value: T, change: (leaf: Leaf) => Leaf): T {
  return changeValue(value, change) as T;
}

function changeValue(value: Value, change: (leaf: Leaf) => Leaf): Value {
  if (value.kind === 'leaf') return change(value);
  if (value.kind === 'list') {
    const elements = value.elements.map(
      (e): Element => (e.kind === 'comment' ? e : changeValue(e, change)),
    );
    return elements.every((e, i) => e === value.elements[i]) ? value : { ...value, elements };
  }
  const items = value.items.map((item): Item => {
    if (item.kind === 'comment') return item;
    const changed = changeValue(item.value, change);
    return changed === item.value ? item : { ...item, value: changed };
  });
  return items.every((item, i) => item === value.items[i]) ? value : { ...value, items };
}

/** Every non-empty text becomes a token of its own; `restore` takes them back. */
export function tokenized(branch: MapNode): MapNode {
  let count = 0;
  return mapLeavesOf(branch, (leaf) => {
    const { scalar } = leaf;
    if (scalar.type === 'null' || (scalar.type === 'str' && scalar.value.length === 0)) return leaf;
    return stringLeaf(TOKEN.replace('AAAA', Buffer.from(String(count++)).toString('base64')));
  });
}

/** The scalars of `plain` put back into the tree parsed from the encrypted text. */
export function restored(encrypted: MapNode, plain: MapNode): MapNode {
  const scalars: Scalar[] = [];
  mapLeavesOf(plain, (leaf) => {
    scalars.push(leaf.scalar);
    return leaf;
  });
  let at = 0;
  return mapLeavesOf(encrypted, (leaf) => {
    const scalar = scalars[at++];
    return scalar === undefined || leaf.scalar === scalar || sameText(leaf.scalar, scalar)
      ? leaf
      : { kind: 'leaf', scalar };
  });
}

function sameText(a: Scalar, b: Scalar): boolean {
  return JSON.stringify(plainScalar(a)) === JSON.stringify(plainScalar(b));
}

/** A tree as plain data for comparison: no spans, entries as pairs, comments only where asked. */
export function plainTree(value: Value | Entry, comments = false): unknown {
  switch (value.kind) {
    case 'leaf':
      return plainScalar(value.scalar);
    case 'entry':
      return [value.key, plainTree(value.value, comments)];
    case 'list':
      return { list: value.elements.flatMap((e) => plainItem(e, comments)) };
    case 'map':
      return { map: value.items.flatMap((item) => plainItem(item, comments)) };
  }
}

function plainItem(item: Item | Element, comments: boolean): unknown[] {
  if (item.kind !== 'comment') return [plainTree(item, comments)];
  return comments ? [{ comment: item.text }] : [];
}

function plainScalar(scalar: Scalar): unknown {
  if (scalar.type === 'null') return null;
  if (scalar.type === 'float') return { float: Object.is(scalar.value, -0) ? '-0' : scalar.value };
  return { [scalar.type]: String(scalar.value) };
}

export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function withBranch(document: Document, branch: MapNode, block = document.block): Document {
  return { ...document, branches: [branch], block };
}
