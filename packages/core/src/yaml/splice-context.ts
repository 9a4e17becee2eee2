import type { Comment, Element, Entry, Item, Leaf, MapNode, Value } from '../document/document.ts';
import type { Edit } from '../stores/edits.ts';
import type { Layout } from './canonical.ts';
import type { YamlAlias, YamlPair } from './nodes.ts';
import type {
  YamlCommentSyntax,
  YamlDocumentLayout,
  YamlKeySyntax,
  YamlLayout,
  YamlSyntax,
} from './syntax.ts';

/** A YAML text as it was read. */
export interface YamlSource {
  readonly text: string;
  /** The root of each document, its `sops` entry included. */
  readonly roots: readonly MapNode[];
  readonly layout: YamlLayout;
}

/** The root map of one document, sops block included, and what it becomes. */
export interface RootChange {
  readonly old: MapNode;
  readonly next: MapNode;
  readonly document: YamlDocumentLayout;
}

/** What every step of a splice shares. */
export interface SpliceContext {
  /** The source; always with a line break at its end. */
  readonly text: string;
  /** How new lines are laid out. */
  readonly layout: Layout;
  readonly edits: Edit[];
  /** Anchored nodes that no longer say what they said. */
  readonly changed: Set<YamlSyntax>;
  /** Aliases that must be written out, since their anchor changed. */
  readonly expand: ReadonlySet<YamlSyntax>;
  /** The leaf that ends a text without a final line break. */
  readonly lastLeaf: Leaf | null;
  /** Edits that turn `old` into `next`. @throws CannotSplice */
  splice(context: SpliceContext, change: Change): void;
}

export interface Change {
  readonly old: Value;
  readonly next: Value;
  readonly slot: Slot;
}

/** What a value hangs on. */
export interface Slot {
  readonly kind: 'entry' | 'element';
  /** Column of the key or the dash; -1 in a flow collection. */
  readonly column: number;
  /** Offset behind the colon or dash; null for a key without a colon. */
  readonly end: number | null;
}

/**
 * Splicing is not possible here: the enclosing node is written anew instead. Thrown often and never
 * shown, so it is no Error, whose stack would cost more than the splice.
 */
export class CannotSplice {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export function syntaxOf(value: Value): YamlSyntax {
  return (value.syntax as YamlSyntax | undefined) ?? missing();
}

export function keySyntaxOf(entry: Entry): YamlKeySyntax {
  return (entry.syntax as YamlKeySyntax | undefined) ?? missing();
}

export function commentSyntaxOf(comment: Comment): YamlCommentSyntax {
  return (comment.syntax as YamlCommentSyntax | undefined) ?? missing();
}

function missing(): never {
  throw new CannotSplice('a node of the source has no place in it');
}

/** The node that a value or key refers to when it is written as an alias. */
export function aliasTarget(syntax: YamlSyntax): YamlSyntax | null {
  return 'target' in syntax ? (syntax as YamlAlias).target : null;
}

/** The node of an entry's key. */
export function keyNodeOf(entry: Entry): YamlSyntax | null {
  const syntax = entry.syntax;
  return syntax !== undefined && 'key' in syntax ? (syntax as YamlPair).key : null;
}

/** The children of a map or list in order. */
export type Child = Item | Element;

export function childrenOf(value: Value): readonly Child[] {
  if (value.kind === 'leaf') return [];
  return value.kind === 'map' ? value.items : value.elements;
}

/**
 * Where the value ends with everything that belongs to it: comments behind its last child are not in
 * its own span.
 */
export function deepEnd(value: Value): number {
  let end = syntaxOf(value).span.end;
  let last: Value | undefined = value;
  while (last !== undefined) {
    const children: readonly Child[] = childrenOf(last);
    last = undefined;
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child === undefined) break;
      const inner: Value | Comment = child.kind === 'entry' ? child.value : child;
      // Children of an expanded alias have no place.
      if (inner.syntax === undefined) break;
      end = Math.max(end, (inner.syntax as YamlSyntax).span.end);
      if (inner.kind === 'comment') continue;
      last = inner;
      break;
    }
  }
  return end;
}
