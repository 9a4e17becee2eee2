/**
 * The Document: an immutable value that every operation takes and returns.
 *
 * `parse` makes the tree; each node remembers where it stood (`syntax`). An operation builds a new
 * tree that shares every untouched node with the old one. `emit` walks both trees side by side:
 * what is the same object costs nothing and keeps its bytes, what differs becomes an edit.
 */
export type Format = 'yaml' | 'json' | 'dotenv' | 'ini' | 'binary';

export const FORMATS: readonly Format[] = ['yaml', 'json', 'dotenv', 'ini', 'binary'];

export function isFormat(name: string): name is Format {
  return FORMATS.some((format) => format === name);
}

/** Half-open range of UTF-16 offsets into `Origin.text`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a store remembers of a node it parsed. Each store extends it; others use `span` alone. */
export interface Syntax {
  readonly span: Span;
}

/** A typed value, as sops types it (SOPS-FORMAT 1.2 and 1.6). The type decides the MAC. */
export type Scalar =
  /** Text; bytes only where they are not valid UTF-8 (binary files, `!!binary`). */
  | { readonly type: 'str'; readonly value: string | Uint8Array }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  /** RFC 3339 with nanoseconds trimmed, exactly as it enters the MAC. */
  | { readonly type: 'time'; readonly value: string }
  | { readonly type: 'null' };

export interface Leaf {
  readonly kind: 'leaf';
  readonly scalar: Scalar;
  readonly syntax?: Syntax;
}

/** `text` is what follows the `#` (a leading space is part of it). */
export interface Comment {
  readonly kind: 'comment';
  readonly text: string;
  /** Stands behind a value on its line. Inline comments come before the entry they belong to. */
  readonly inline: boolean;
  readonly syntax?: Syntax;
}

export interface Entry {
  readonly kind: 'entry';
  readonly key: string;
  readonly value: Value;
  /** The key alone. */
  readonly syntax?: Syntax;
}

export interface MapNode {
  readonly kind: 'map';
  readonly items: readonly Item[];
  readonly syntax?: Syntax;
}

export interface ListNode {
  readonly kind: 'list';
  readonly elements: readonly Element[];
  readonly syntax?: Syntax;
}

export type Value = Leaf | MapNode | ListNode;
export type Item = Entry | Comment;
export type Element = Value | Comment;

/** What a Document was parsed from. `layout` belongs to the store that made it. */
export interface Origin {
  /** The source; for `binary` the raw bytes. A byte order mark is part of the text. */
  readonly text: string;
  readonly branches: readonly MapNode[];
  /** The sops block of each branch as it stood in the file, unflattened; null where it has none. */
  readonly blocks: readonly (MapNode | null)[];
  readonly layout: unknown;
}

export interface Document {
  readonly format: Format;
  /** One map for each YAML document, exactly one for the other formats; without the sops block. */
  readonly branches: readonly MapNode[];
  /**
   * The sops block (of the first branch when read), nested even where the format flattens it, or
   * null for a plain file. `emit` writes it into every branch.
   */
  readonly block: MapNode | null;
  /** null for a Document that was built and not parsed: `emit` then writes canonically. */
  readonly origin: Origin | null;
}

export const NULL_SCALAR: Scalar = { type: 'null' };

export function stringLeaf(value: string | Uint8Array): Leaf {
  return { kind: 'leaf', scalar: { type: 'str', value } };
}

export function mapOf(entries: Iterable<readonly [string, Value]>): MapNode {
  return {
    kind: 'map',
    items: Array.from(entries, ([key, value]) => ({ kind: 'entry', key, value })),
  };
}

/** The last entry of that key (the one sops reads), or undefined. */
export function findEntry(map: MapNode, key: string): Entry | undefined {
  for (let i = map.items.length - 1; i >= 0; i--) {
    const item = map.items[i];
    if (item?.kind === 'entry' && item.key === key) return item;
  }
  return undefined;
}

export function entriesOf(map: MapNode): readonly Entry[] {
  return map.items.filter((item): item is Entry => item.kind === 'entry');
}

export function sameScalar(a: Scalar, b: Scalar): boolean {
  if (a.type === 'null' || b.type === 'null') return a.type === b.type;
  if (a.type !== b.type) return false;
  if (a.type === 'str' && b.type === 'str') return sameText(a.value, b.value);
  return Object.is(a.value, b.value);
}

function sameText(a: string | Uint8Array, b: string | Uint8Array): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return Buffer.compare(a, b) === 0;
}
