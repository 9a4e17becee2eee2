import type { Value } from '../document/document.ts';
import { isBlock } from './canonical.ts';
import { markChanged } from './splice-anchors.ts';
import { spliceBlock } from './splice-block.ts';
import { CannotSplice, type Change, type SpliceContext, syntaxOf } from './splice-context.ts';
import { spliceFlow } from './splice-flow.ts';
import { isUnchanged, spliceLeaf } from './splice-leaf.ts';
import { replaceValue } from './splice-value.ts';

/**
 * Edits that turn one value into another: as small as its style allows, else the value anew.
 * @throws CannotSplice when even that would touch more than the value
 */
export function spliceNode(context: SpliceContext, change: Change): void {
  const { old, next } = change;
  if (
    old === next &&
    (context.expand.size === 0 || (old.kind === 'leaf' && !isExpanded(context, old)))
  )
    return;
  const mark = context.edits.length;
  try {
    spliceInside(context, change);
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    context.edits.length = mark;
    markChanged(context, old);
    replaceValue(context, change);
  }
}

function spliceInside(context: SpliceContext, { old, next }: Change): void {
  const syntax = syntaxOf(old);
  if (isExpanded(context, old)) throw new CannotSplice('the alias means something else now');
  if (syntax.style === 'alias' && old === next) return;
  if (old.kind === 'leaf' && next.kind === 'leaf') {
    if (isUnchanged(old, next)) return;
    if (syntax.anchor !== undefined) context.changed.add(syntax);
    spliceLeaf(context, old, next);
    return;
  }
  if (old.kind === 'leaf' || next.kind === 'leaf' || old.kind !== next.kind) {
    throw new CannotSplice('another kind of value');
  }
  if (syntax.anchor !== undefined && old !== next) context.changed.add(syntax);
  if (syntax.style === 'block') spliceBlock(context, old, next);
  else if (syntax.style === 'flow' && (isBlock(next) || !isBlock(old)))
    spliceFlow(context, old, next);
  else throw new CannotSplice('nothing to splice into');
}

function isExpanded(context: SpliceContext, value: Value): boolean {
  return (
    context.expand.size > 0 && value.syntax !== undefined && context.expand.has(syntaxOf(value))
  );
}
