import type { ListNode, MapNode } from '../document/document.ts';
import { alignChildren } from './splice-align.ts';
import { markChanged } from './splice-anchors.ts';
import {
  CannotSplice,
  type Child,
  childrenOf,
  commentSyntaxOf,
  keySyntaxOf,
  type Slot,
  type SpliceContext,
  syntaxOf,
} from './splice-context.ts';
import { commentLines } from './write-comment.ts';
import { flowText } from './write-flow.ts';
import { flowKeyText } from './write-key.ts';

/**
 * Edits for a flow collection that stays one: changed children where they stand, removed ones with
 * their comma, new ones as `, key: value` behind the child they follow.
 * @throws CannotSplice when nothing stays, or when comments stand where children come or go
 */
export function spliceFlow(
  context: SpliceContext,
  old: MapNode | ListNode,
  next: MapNode | ListNode,
): void {
  const before: readonly Child[] = childrenOf(old);
  const after: readonly Child[] = childrenOf(next);
  const partner = alignChildren(before, after);
  const isSameShape = before.length === after.length && partner.every((index, j) => index === j);
  after.forEach((child, j) => {
    const previous = before[partner[j] ?? -1];
    if (previous !== undefined) changeChild(context, previous, child);
  });
  if (!isSameShape) restructure(context, { old, before, after, partner });
}

interface FlowChange {
  readonly old: MapNode | ListNode;
  readonly before: readonly Child[];
  readonly after: readonly Child[];
  readonly partner: readonly number[];
}

function changeChild(context: SpliceContext, old: Child, next: Child): void {
  if (old === next && context.expand.size === 0) return;
  if (old.kind === 'comment' || next.kind === 'comment') {
    if (old.kind !== next.kind) throw new CannotSplice('a comment in a flow collection');
    changeComment(context, old, next);
    return;
  }
  if (old.kind === 'entry') {
    if (next.kind !== 'entry') return;
    const { colon } = keySyntaxOf(old);
    const slot: Slot = { kind: 'entry', column: -1, end: colon === null ? null : colon + 1 };
    context.splice(context, { old: old.value, next: next.value, slot });
    return;
  }
  if (next.kind === 'entry') return;
  context.splice(context, { old, next, slot: { kind: 'element', column: -1, end: null } });
}

function changeComment({ edits }: SpliceContext, old: Child, next: Child): void {
  if (old.kind !== 'comment' || next.kind !== 'comment' || old.text === next.text) return;
  const [line = '#', ...others] = commentLines(next.text);
  if (others.length > 0) throw new CannotSplice('a comment of several lines');
  edits.push({ ...commentSyntaxOf(old).span, text: line });
}

/** Removes and adds children. */
function restructure(context: SpliceContext, change: FlowChange): void {
  const { text, edits } = context;
  const { old, before, after, partner } = change;
  const hasBrackets = '{['.includes(text.charAt(syntaxOf(old).span.start));
  const hasComments = [...before, ...after].some((child) => child.kind === 'comment');
  if (!hasBrackets || hasComments || !partner.some((index) => index !== -1)) {
    throw new CannotSplice('a flow collection that must be written anew');
  }
  const kept = new Set(partner);
  before.forEach((child, i) => {
    if (!kept.has(i)) markChanged(context, child);
  });
  for (let from = 0; from < before.length; from++) {
    if (kept.has(from)) continue;
    let to = from;
    while (to + 1 < before.length && !kept.has(to + 1)) to++;
    edits.push({ ...removedSpan(before, from, to), text: '' });
    from = to;
  }
  let behind = -1;
  let added = '';
  after.forEach((child, j) => {
    const index = partner[j] ?? -1;
    if (index === -1) {
      added += behind === -1 ? `${childText(child)}, ` : `, ${childText(child)}`;
      return;
    }
    if (added !== '')
      insertAt(context, behind === -1 ? startOf(before[index]) : endOf(before[behind]), added);
    added = '';
    behind = index;
  });
  if (added !== '') insertAt(context, endOf(before[behind]), added);
}

function insertAt({ edits }: SpliceContext, at: number, text: string): void {
  edits.push({ start: at, end: at, text });
}

function removedSpan(
  before: readonly Child[],
  from: number,
  to: number,
): { start: number; end: number } {
  if (to + 1 < before.length) return { start: startOf(before[from]), end: startOf(before[to + 1]) };
  return { start: endOf(before[from - 1]), end: endOf(before[to]) };
}

function childText(child: Child): string {
  if (child.kind === 'comment') throw new CannotSplice('a comment in a flow collection');
  if (child.kind !== 'entry') return flowText(child);
  return `${flowKeyText(child)}: ${flowText(child.value)}`;
}

function startOf(child: Child | undefined): number {
  if (child === undefined || child.kind === 'comment') throw new CannotSplice('no place');
  return child.kind === 'entry' ? keySyntaxOf(child).entryStart : syntaxOf(child).outerStart;
}

function endOf(child: Child | undefined): number {
  if (child === undefined || child.kind === 'comment') throw new CannotSplice('no place');
  if (child.kind !== 'entry') return syntaxOf(child).span.end;
  const { span, colon } = keySyntaxOf(child);
  return Math.max(span.end, (colon ?? -1) + 1, syntaxOf(child.value).span.end);
}
