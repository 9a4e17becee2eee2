import type { ListNode, MapNode } from '../document/document.ts';
import type { Edit } from '../stores/edits.ts';
import { elementsText, isBlock, itemsText, SOPS_LAYOUT } from './canonical.ts';
import { alignChildren } from './splice-align.ts';
import { markChanged } from './splice-anchors.ts';
import { changeComment, commentToLeaf, leafToComment } from './splice-comment.ts';
import {
  CannotSplice,
  type Child,
  childrenOf,
  keySyntaxOf,
  type Slot,
  type SpliceContext,
  syntaxOf,
} from './splice-context.ts';
import { behindBlankLines, blanksBefore, columnOf, lineAfter, lineStart } from './splice-lines.ts';
import { type Place, placesOf } from './splice-places.ts';

/** One block collection and what it becomes. */
interface BlockChange {
  readonly kind: 'map' | 'list';
  /** Column of its keys or dashes. */
  readonly column: number;
  readonly places: readonly Place[];
  /** Indexes of the places that a child of the new block continues. */
  readonly kept: ReadonlySet<number>;
  /** The map at the root of a document. */
  readonly isRoot: boolean;
}

/**
 * Edits for a block map or list that stays one: changed children where they stand, removed ones with
 * their lines, new ones on lines of their own behind the child they follow.
 * @throws CannotSplice when nothing of it stays, or when it would have to move what is not its own
 */
export function spliceBlock(
  context: SpliceContext,
  old: MapNode | ListNode,
  next: MapNode | ListNode,
  isRoot = false,
): void {
  if (!isBlock(next) && !isRoot) throw new CannotSplice('nothing is left of the block');
  const places = placesOf(context.text, old);
  const following = childrenOf(next);
  const partner = alignChildren(
    places.map((place) => place.child),
    following,
  );
  leaveOwners(places, partner);
  if (!partner.some((index) => index !== -1)) throw new CannotSplice('nothing stays');
  const column = syntaxOf(old).column ?? 0;
  const kept = new Set(partner);
  const change: BlockChange = { kind: old.kind, column, places, kept, isRoot };
  removeChildren(context, change);
  let added: Child[] = [];
  let behind = -1;
  for (let j = 0; j < following.length; j++) {
    const child = following[j];
    const index = partner[j] ?? -1;
    if (child === undefined) continue;
    if (index === -1) {
      added.push(child);
      continue;
    }
    addChildren(context, change, { added, behind, before: index });
    added = [];
    behind = index;
    const mark = context.edits.length;
    changeChild(context, change, { index, child });
    if (context.edits.length > mark) sparesComments(context, change, { index, mark });
  }
  addChildren(context, change, { added, behind, before: -1 });
}

/** A trailing comment whose entry goes cannot stay where it is: it is written anew. */
function leaveOwners(places: readonly Place[], partner: number[]): void {
  const kept = new Set(partner);
  for (let j = 0; j < partner.length; j++) {
    const owner = places[partner[j] ?? -1]?.owner ?? -1;
    if (owner !== -1 && !kept.has(owner)) partner[j] = -1;
  }
}

/** A trailing comment must not go with what it trails. @throws CannotSplice */
function sparesComments(
  { edits }: SpliceContext,
  { places, kept }: BlockChange,
  { index, mark }: { index: number; mark: number },
): void {
  if (places[index]?.child.kind === 'comment') return;
  for (const step of [-1, 1]) {
    for (let i = index + step; places[i]?.child.kind === 'comment'; i += step) {
      const comment = places[i];
      if (comment?.owner !== index || !kept.has(i)) continue;
      const isHit = ({ start, end }: Edit): boolean => start < comment.end && end > comment.start;
      if (edits.slice(mark).some(isHit)) throw new CannotSplice('a comment would go');
    }
  }
}

function changeChild(
  context: SpliceContext,
  change: BlockChange,
  { index, child }: { index: number; child: Child },
): void {
  const place = change.places[index];
  if (place === undefined) return;
  const old = place.child;
  if (old === child && context.expand.size === 0) return;
  if (old.kind === 'comment') {
    if (child.kind === 'comment') changeComment(context, place, child.text);
    else if (child.kind === 'leaf')
      commentToLeaf(context, place, { leaf: child, column: change.column });
    return;
  }
  if (child.kind === 'comment') {
    if (place.start !== -1) leafToComment(context, place, child.text);
    return;
  }
  if (old.kind === 'entry') {
    if (child.kind !== 'entry') return;
    const { colon, column } = keySyntaxOf(old);
    const slot: Slot = { kind: 'entry', column, end: colon === null ? null : colon + 1 };
    const isSops = change.isRoot && old.key === 'sops';
    const inner = isSops
      ? { ...context, layout: { ...context.layout, indent: SOPS_LAYOUT.indent } }
      : context;
    inner.splice(inner, { old: old.value, next: child.value, slot });
    return;
  }
  if (child.kind === 'entry') return;
  const slot: Slot = { kind: 'element', column: change.column, end: place.start + 1 };
  context.splice(context, { old, next: child, slot });
}

/** Takes the children away that nothing continues, with the lines they had. */
function removeChildren(context: SpliceContext, { places, kept }: BlockChange): void {
  const { text, edits } = context;
  let behind: Place | undefined;
  for (let i = 0; i < places.length; i++) {
    const place = places[i];
    if (place === undefined) continue;
    if (kept.has(i)) {
      if (place.owner === -1) behind = place;
      continue;
    }
    markChanged(context, place.child);
    if (place.owner !== -1) {
      if (!kept.has(place.owner)) continue;
      edits.push({ start: blanksBefore(text, place.start), end: place.end, text: '' });
    } else if (place.ownLine) {
      const start = lineStart(text, place.start);
      const after = lineAfter(text, place.end);
      const end = endsKept(behind) ? behindBlankLines(text, after) : after;
      edits.push({ start, end, text: '' });
    } else i = removeFirst(context, { places, kept, from: i });
  }
}

/** Ends with a `|+`: blank lines that move up to it would come to belong to its value. */
function endsKept(place: Place | undefined): boolean {
  let child = place?.child;
  while (child !== undefined && child.kind !== 'comment') {
    if (child.kind === 'leaf') return syntaxOf(child).block?.chomping === 'keep';
    child = child.kind === 'entry' ? child.value : childrenOf(child).at(-1);
  }
  return false;
}

/** The first children of a block that begins behind a dash: what follows them moves up to it. */
function removeFirst(
  { text, edits }: SpliceContext,
  run: { places: readonly Place[]; kept: ReadonlySet<number>; from: number },
): number {
  const { places, kept, from } = run;
  let to = from + 1;
  while (to < places.length && !kept.has(to)) to++;
  const first = places[from];
  const following = places[to];
  const canMoveUp =
    first !== undefined &&
    first.child.kind !== 'comment' &&
    from === places.findIndex((place) => place.child.kind !== 'comment') &&
    following?.ownLine === true &&
    following.child.kind !== 'comment' &&
    columnOf(text, following.start) === columnOf(text, first.start);
  if (!canMoveUp) throw new CannotSplice('something else is on the line');
  edits.push({ start: first.start, end: following.start, text: '' });
  return to - 1;
}

interface Addition {
  readonly added: readonly Child[];
  /** Indexes of the places between which the new children go; -1: the end. */
  readonly behind: number;
  readonly before: number;
}

function addChildren(context: SpliceContext, change: BlockChange, addition: Addition): void {
  const { added } = addition;
  if (added.length === 0) return;
  const { text, edits } = context;
  const { places, column } = change;
  const behind = placeBehind(places, addition);
  const lines = childLines(context, change, added);
  if (behind !== undefined) {
    const at = lineAfter(text, lineHolder(places, behind).end);
    edits.push({ start: at, end: at, text: lines });
    return;
  }
  const first = places[addition.before];
  if (first === undefined) throw new CannotSplice('nothing to stand beside');
  const isMovedUp = places
    .slice(0, addition.before)
    .some((place) => !place.ownLine && place.owner === -1);
  if (first.ownLine && !isMovedUp) {
    const at = lineStart(text, first.start);
    edits.push({ start: at, end: at, text: lines });
    return;
  }
  const isFirst =
    first.owner === -1 && first.child.kind !== 'comment' && !lines.startsWith('#', column);
  if (!isFirst || isMovedUp) {
    throw new CannotSplice('something else is on the line');
  }
  edits.push({
    start: first.start,
    end: first.start,
    text: `${lines.slice(column)}${' '.repeat(column)}`,
  });
}

/** The kept place that new lines go behind; undefined: they go before the first. */
function placeBehind(places: readonly Place[], { behind, before }: Addition): Place | undefined {
  const place = places[behind];
  // A trailing comment of the child that comes next: the new lines go before that child.
  if (place === undefined || place.owner === -1 || place.owner !== before) return place;
  let at = behind - 1;
  while (at >= 0 && places[at]?.owner === before) at--;
  return places[at];
}

/** A trailing comment ends its line together with the child it trails. */
function lineHolder(places: readonly Place[], place: Place): Place {
  return places[place.owner] ?? place;
}

function childLines(
  { layout }: SpliceContext,
  change: BlockChange,
  added: readonly Child[],
): string {
  const { column } = change;
  if (change.kind === 'list') {
    const elements = added.flatMap((child) => (child.kind === 'entry' ? [] : [child]));
    return elementsText(elements, column, layout);
  }
  let lines = '';
  for (const child of added) {
    if (child.kind !== 'entry' && child.kind !== 'comment') continue;
    const isSops = change.isRoot && child.kind === 'entry' && child.key === 'sops';
    lines += itemsText(
      [child],
      column,
      isSops ? { ...layout, indent: SOPS_LAYOUT.indent } : layout,
    );
  }
  return lines;
}
