import type { Comment, Item, MapNode } from '../document/document.ts';
import { isBlock, itemsText, SOPS_LAYOUT } from './canonical.ts';
import { alignChildren } from './splice-align.ts';
import { markChanged } from './splice-anchors.ts';
import { spliceBlock } from './splice-block.ts';
import {
  CannotSplice,
  commentSyntaxOf,
  type RootChange,
  type SpliceContext,
} from './splice-context.ts';
import { spliceFlow } from './splice-flow.ts';
import { flowRootText } from './splice-flow-root.ts';
import {
  beginsLine,
  blanksBefore,
  columnOf,
  endsLine,
  lineAfter,
  lineEnd,
  lineStart,
  nextLine,
} from './splice-lines.ts';
import { placesOf } from './splice-places.ts';
import type { YamlDocumentLayout } from './syntax.ts';
import { commentLines } from './write-comment.ts';

/**
 * Edits for one document. A flow root becomes a block where a sops block is added, as Flux looks for
 * `mac: ENC[` at the beginning of a line; its children keep their style.
 * @throws CannotSplice when comments around the root would have to move
 */
export function spliceRoot(context: SpliceContext, change: RootChange): void {
  const { old, next, document } = change;
  if (old === next && context.expand.size === 0) return;
  const mark = context.edits.length;
  const becomesBlock = !hasSops(old) && hasSops(next);
  try {
    if (document.rootStyle === 'block' && isBlock(next)) {
      spliceBlock(context, old, next, true);
      return;
    }
    if (document.rootStyle === 'flow' && isBlock(next) && isBlock(old)) {
      if (becomesBlock) flowRootText(context, change);
      else spliceFlow(context, old, next);
      return;
    }
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    context.edits.length = mark;
  }
  rewriteRoot(context, change);
}

function hasSops(root: MapNode): boolean {
  return root.items.some((item) => item.kind === 'entry' && item.key === 'sops');
}

/** Writes the entries of the root anew; comments before and behind them stay where they are. */
function rewriteRoot(context: SpliceContext, { old, next, document }: RootChange): void {
  const { text, edits } = context;
  const region = regionOf(context, old, document);
  const outside = old.items.filter((item): item is Comment => isOutside(item, region));
  const partner = alignChildren(
    outside,
    next.items.filter((item) => item.kind === 'comment'),
  );
  const kept = new Map<Item, Comment>();
  let j = 0;
  for (const item of next.items) {
    if (item.kind !== 'comment') continue;
    const comment = outside[partner[j++] ?? -1];
    if (comment !== undefined) kept.set(item, comment);
  }
  const inside = withoutKept(next.items, kept, region.start);
  for (const [item, comment] of kept) {
    if (item.kind !== 'comment' || item.text === comment.text) continue;
    const [line = '#', ...others] = commentLines(item.text);
    if (others.length > 0) throw new CannotSplice('a comment of several lines');
    edits.push({ ...commentSyntaxOf(comment).span, text: line });
  }
  const stays = new Set(kept.values());
  for (const item of old.items) {
    if (!isOutside(item, region)) markChanged(context, item);
    else if (item.kind === 'comment' && !stays.has(item)) removeComment(context, item);
  }
  edits.push({ ...region, text: rootLines(context, { inside, document, text, region }) });
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly column: number;
  /** A line break needed before: the root begins behind `---`. */
  readonly before: string;
}

/** The whole lines of the root's entries. */
function regionOf(context: SpliceContext, old: MapNode, document: YamlDocumentLayout): Region {
  const { text, layout } = context;
  const { rootSpan, rootStyle } = document;
  if (rootStyle === 'absent') {
    const at = lineAfter(text, document.contentEnd);
    return { start: at, end: at, column: 0, before: '' };
  }
  if (rootStyle === 'block') {
    const places = placesOf(text, old).filter((place) => place.child.kind === 'entry');
    const start = places[0]?.start ?? rootSpan.start;
    const end = lineAfter(text, places.at(-1)?.end ?? rootSpan.end);
    if (!beginsLine(text, start)) throw new CannotSplice('the root begins behind something else');
    return { start: lineStart(text, start), end, column: columnOf(text, start), before: '' };
  }
  if (!endsLine(text, rootSpan.end) && text.charAt(lineEnd(text, rootSpan.end) - 1) === '') {
    throw new CannotSplice('something follows the root');
  }
  const outer = old.syntax as { outerStart?: number } | undefined;
  const start = outer?.outerStart ?? rootSpan.start;
  const own = beginsLine(text, start);
  return {
    start: own ? lineStart(text, start) : blanksBefore(text, start),
    end: nextLine(text, rootSpan.end),
    column: own ? columnOf(text, start) : 0,
    before: own ? '' : layout.newline,
  };
}

function isOutside(item: Item, { start, end }: Region): boolean {
  if (item.kind === 'entry') return false;
  const { span } = commentSyntaxOf(item);
  return span.end <= start || span.start >= end;
}

/** What goes into the region; the comments that stay must be before or behind all of it. */
function withoutKept(
  items: readonly Item[],
  kept: ReadonlyMap<Item, Comment>,
  regionStart: number,
): readonly Item[] {
  const inside: Item[] = [];
  let isBehind = false;
  for (const item of items) {
    const comment = kept.get(item);
    if (comment === undefined) {
      if (isBehind) throw new CannotSplice('an entry behind the comments at the end');
      inside.push(item);
    } else if (commentSyntaxOf(comment).span.start >= regionStart) isBehind = true;
    else if (inside.length > 0) throw new CannotSplice('a comment before the root would move');
  }
  return inside;
}

function removeComment({ text, edits }: SpliceContext, comment: Comment): void {
  const { start, end } = commentSyntaxOf(comment).span;
  if (beginsLine(text, start))
    edits.push({ start: lineStart(text, start), end: nextLine(text, end), text: '' });
  else edits.push({ start, end, text: '' });
}

interface RootText {
  readonly inside: readonly Item[];
  readonly document: YamlDocumentLayout;
  readonly text: string;
  readonly region: Region;
}

/** A document without entries and without a `---` of its own must still be one. */
function rootLines({ layout }: SpliceContext, root: RootText): string {
  const { inside, document, text, region } = root;
  let lines = '';
  for (const item of inside) {
    const isSops = item.kind === 'entry' && item.key === 'sops';
    lines += itemsText(
      [item],
      region.column,
      isSops ? { ...layout, indent: SOPS_LAYOUT.indent } : layout,
    );
  }
  const isEmpty = !inside.some((item) => item.kind === 'entry');
  const isMarked = /^---/m.test(text.slice(document.span.start, region.start));
  if (isEmpty && !isMarked) lines += `{}${layout.newline}`;
  return region.before + lines;
}
