import { tokenType } from '../cipher/token.ts';
import { TidelockError } from '../errors.ts';
import type { Comment, Element, Item, Leaf, ListNode, MapNode, Value } from './document.ts';
import { type Place, placeBelow, ROOT_PLACE } from './path.ts';

/** Levels of nesting beyond which no tree is walked; the stores stop long before. */
const MAX_DEPTH = 1100;

/**
 * The comments that apply at a place, nearest first (SOPS-FORMAT 3): those directly before the entry
 * and before each entry around it. Shared and never changed.
 */
export interface CommentChain {
  readonly text: string;
  readonly previous: CommentChain | null;
}

export interface LeafContext {
  /** Of a comment: the map or list that contains it. */
  readonly place: Place;
  /** Of a comment: with the comment itself at its head. */
  readonly comments: CommentChain | null;
  /** Stands in a list itself, not in a map within one. */
  readonly inList: boolean;
}

/** The same object to keep the leaf as it is. In a map a comment stays a comment, a value a value. */
export type ReplaceLeaf = (leaf: Leaf | Comment, context: LeafContext) => Leaf | Comment;

export interface WalkOptions {
  /** The tree is encrypted: a list element whose text is a comment's token counts as that comment. */
  readonly encrypted?: boolean;
}

/**
 * Visits every leaf and comment in file order: documents, entries and elements, depth first.
 * @throws TidelockError ERR_TOO_DEEP
 */
export function walkLeaves(
  branches: readonly MapNode[],
  visit: (leaf: Leaf | Comment, context: LeafContext) => void,
  options: WalkOptions = {},
): void {
  mapLeaves(
    branches,
    (leaf, context) => {
      visit(leaf, context);
      return leaf;
    },
    options,
  );
}

/**
 * The branches with every leaf and comment replaced; nodes in which nothing changed are the same
 * objects, and what changed keeps its `syntax`.
 * @throws TidelockError ERR_TOO_DEEP
 */
export function mapLeaves(
  branches: readonly MapNode[],
  replace: ReplaceLeaf,
  options: WalkOptions = {},
): readonly MapNode[] {
  const walker = new Walker(replace, options.encrypted === true);
  return mapShared(branches, (branch) => walker.mapNode(branch, ROOT_PLACE, null));
}

class Walker {
  readonly #replace: ReplaceLeaf;
  readonly #encrypted: boolean;

  constructor(replace: ReplaceLeaf, encrypted: boolean) {
    this.#replace = replace;
    this.#encrypted = encrypted;
  }

  mapNode(map: MapNode, place: Place, around: CommentChain | null): MapNode {
    checkDepth(place);
    let comments = around;
    const items = mapShared(map.items, (item): Item => {
      if (item.kind === 'comment') {
        comments = { text: item.text, previous: comments };
        return asComment(this.#replace(item, { place, comments, inList: false }));
      }
      const below = placeBelow(place, item.key);
      const value = this.#value(item.value, { place: below, comments, inList: false });
      comments = around;
      return value === item.value ? item : { ...item, value: asValue(value) };
    });
    return items === map.items ? map : { ...map, items };
  }

  #listNode(list: ListNode, place: Place, around: CommentChain | null): ListNode {
    checkDepth(place);
    let comments = around;
    let index = -1;
    const elements = mapShared(list.elements, (element): Element => {
      index += 1;
      const text = this.#commentText(element);
      if (text !== null) comments = { text, previous: comments };
      if (element.kind === 'comment') {
        return this.#replace(element, { place, comments, inList: true });
      }
      const below = placeBelow(place, index);
      const value = this.#value(element, { place: below, comments, inList: true });
      if (text === null) comments = around;
      return value;
    });
    return elements === list.elements ? list : { ...list, elements };
  }

  #value(value: Value, context: LeafContext): Element {
    switch (value.kind) {
      case 'leaf':
        return this.#replace(value, context);
      case 'map':
        return this.mapNode(value, context.place, context.comments);
      case 'list':
        return this.#listNode(value, context.place, context.comments);
    }
  }

  #commentText(element: Element): string | null {
    if (element.kind === 'comment') return element.text;
    return this.#encrypted && isCommentToken(element) ? element.scalar.value : null;
  }
}

interface TextLeaf extends Leaf {
  readonly scalar: { readonly type: 'str'; readonly value: string };
}

/** A list element in the form in which sops writes an encrypted comment of a list. */
export function isCommentToken(element: Element): element is TextLeaf {
  if (element.kind !== 'leaf' || element.scalar.type !== 'str') return false;
  const { value } = element.scalar;
  return typeof value === 'string' && tokenType(value) === 'comment';
}

/** The same array when every item maps to itself. */
function mapShared<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  let mapped: T[] | null = null;
  let i = 0;
  for (const item of items) {
    const next = map(item);
    if (next !== item && mapped === null) mapped = items.slice(0, i);
    if (mapped !== null) mapped.push(next);
    i += 1;
  }
  return mapped ?? items;
}

function asComment(node: Leaf | Comment): Comment {
  if (node.kind === 'comment') return node;
  throw new TypeError('a comment in a map can only become a comment');
}

function asValue(node: Element): Value {
  if (node.kind !== 'comment') return node;
  throw new TypeError('a value in a map can only become a value');
}

function checkDepth(place: Place): void {
  if (place.depth <= MAX_DEPTH) return;
  throw new TidelockError(
    'ERR_TOO_DEEP',
    `the document is nested deeper than ${MAX_DEPTH} levels`,
    {
      hint: 'No configuration needs that; encrypt it as a whole with --input-type binary.',
    },
  );
}
