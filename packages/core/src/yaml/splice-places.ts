import type { ListNode, MapNode } from '../document/document.ts';
import { isBreak } from './cursor.ts';
import {
  CannotSplice,
  type Child,
  childrenOf,
  commentSyntaxOf,
  deepEnd,
  keySyntaxOf,
  syntaxOf,
} from './splice-context.ts';
import { beginsLine, lineEnd } from './splice-lines.ts';

/** Where a child of a block map or list stands. */
export interface Place {
  readonly child: Child;
  /** Of its key, dash or `#`. */
  readonly start: number;
  readonly end: number;
  /** Nothing but blanks before it on its line. */
  readonly ownLine: boolean;
  /** The child on whose lines a trailing comment stands, by index; -1 for all else. */
  readonly owner: number;
}

/** The places of all children of a block. @throws CannotSplice when one has none */
export function placesOf(text: string, block: MapNode | ListNode): readonly Place[] {
  const children: readonly Child[] = childrenOf(block);
  const starts = block.kind === 'list' ? dashes(text, block) : [];
  const places = children.map((child, i): Place => {
    if (child.kind === 'comment') {
      const { start, end } = commentSyntaxOf(child).span;
      return { child, start, end, ownLine: beginsLine(text, start), owner: -1 };
    }
    const start = child.kind === 'entry' ? keySyntaxOf(child).entryStart : (starts[i] ?? -1);
    return { child, start, end: endOf(child), ownLine: beginsLine(text, start), owner: -1 };
  });
  return withOwners(places);
}

/**
 * A trailing comment stands before the child it trails in the tree, but behind one that has no value
 * of its own.
 */
function withOwners(places: readonly Place[]): readonly Place[] {
  let following = -1;
  const owned = [...places];
  for (let i = places.length - 1; i >= 0; i--) {
    const place = places[i];
    if (place === undefined) continue;
    if (place.child.kind !== 'comment') following = i;
    else if (!place.ownLine) {
      const start = places[following]?.start ?? Number.POSITIVE_INFINITY;
      owned[i] = { ...place, owner: place.start > start ? following : valueBefore(places, i) };
    }
  }
  return owned;
}

function valueBefore(places: readonly Place[], index: number): number {
  let at = index - 1;
  while (places[at]?.child.kind === 'comment') at--;
  return Math.max(at, -1);
}

function endOf(child: Exclude<Child, { kind: 'comment' }>): number {
  if (child.kind !== 'entry') return deepEnd(child);
  const { span, colon } = keySyntaxOf(child);
  return Math.max(span.end, (colon ?? -1) + 1, deepEnd(child.value));
}

/** Offset of the dash of each element; of comments nothing. */
function dashes(text: string, list: ListNode): readonly number[] {
  const found: number[] = [];
  let at = syntaxOf(list).span.start;
  list.elements.forEach((element, i) => {
    if (element.kind === 'comment') return;
    at = skipToDash(text, at);
    found[i] = at;
    at = Math.max(at + 1, syntaxOf(element).span.end);
  });
  return found;
}

function skipToDash(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DASH) return at;
    if (code === HASH) at = lineEnd(text, at);
    else if (code !== SPACE && code !== TAB && !isBreak(code)) break;
  }
  throw new CannotSplice('no dash where one should be');
}

const TAB = 9;
const SPACE = 32;
const HASH = 35;
const DASH = 45;
