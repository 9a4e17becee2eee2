import type { ListNode, MapNode, Value } from '../document/document.ts';
import { elementsText, inlineText, isBlock, itemsText, nextColumn } from './canonical.ts';
import {
  CannotSplice,
  type Change,
  type Child,
  childrenOf,
  deepEnd,
  type Slot,
  type SpliceContext,
  syntaxOf,
} from './splice-context.ts';
import {
  beginsLine,
  blanksBefore,
  columnOf,
  endsLine,
  hasBreakBetween,
  lineAfter,
  lineEnd,
  nextLine,
} from './splice-lines.ts';
import type { YamlSyntax } from './syntax.ts';
import { flowText } from './write-flow.ts';

/**
 * Writes a value anew in the place of another, in sops' layout at the column where it belongs; its
 * surroundings stay.
 * @throws CannotSplice where that would touch what does not belong to the value
 */
export function replaceValue(context: SpliceContext, change: Change): void {
  const syntax = syntaxOf(change.old);
  if (syntax.inFlow) replaceInFlow(context, change, syntax);
  else if (syntax.style === 'block') replaceBlock(context, change, syntax);
  else replaceInline(context, change, syntax);
}

function replaceInFlow({ edits }: SpliceContext, { next, slot }: Change, syntax: YamlSyntax): void {
  const text = flowText(next);
  if (syntax.style !== 'absent') {
    edits.push({ start: syntax.outerStart, end: syntax.span.end, text });
  } else if (slot.end !== null) {
    edits.push({ start: slot.end, end: syntax.span.end, text: ` ${text}` });
  } else if (slot.kind === 'entry') {
    edits.push({ start: syntax.outerStart, end: syntax.span.end, text: `: ${text}` });
  } else throw new CannotSplice('an element that is not written');
}

/** The old value is a scalar, an alias, a flow collection or nothing. */
function replaceInline(context: SpliceContext, change: Change, syntax: YamlSyntax): void {
  const { text, edits, layout } = context;
  const { next, slot } = change;
  const slotEnd = slotEndOf(slot);
  const shown = shownSpan(text, change.old);
  const content = contentOf(text, syntax, shown.end);
  if (!isBlock(next)) {
    const [head, lines] = inlineLines(context, next, slot);
    const gap = slotEnd === shown.start ? ' ' : '';
    edits.push({ ...shown, text: gap + head });
    if (lines !== '' || content.start !== content.end) edits.push({ ...content, text: lines });
    return;
  }
  const isOnSlotLine = !hasBreakBetween(text, slotEnd, shown.start);
  if (slot.kind === 'entry' && isOnSlotLine) {
    edits.push({ start: slotEnd, end: shown.end, text: '' });
    edits.push({ ...content, text: blockLines(context, next, nextColumn(slot.column, layout)) });
    return;
  }
  if (!endsLine(text, shown.end)) throw new CannotSplice('something follows on the line');
  if (!isOnSlotLine && !beginsLine(text, shown.start)) throw new CannotSplice('a tag before it');
  const gap = slotEnd === shown.start ? ' ' : '';
  const column = columnOf(text, shown.start) + gap.length;
  const hasLines = content.start !== content.end;
  const end = hasLines ? breakBefore(text, content.end) : lineEnd(text, shown.end);
  edits.push({ start: shown.start, end, text: gap + compactLines(context, next, column) });
}

/**
 * What stands on the line of the slot: properties and value, of a block scalar only the symbols. A
 * comment behind a flow collection is a child of it.
 */
function shownSpan(text: string, value: Value): { start: number; end: number } {
  const { outerStart: start, span, block } = syntaxOf(value);
  if (block === undefined) {
    let { end } = span;
    for (const child of childrenOf(value)) {
      if (child.kind === 'comment' && child.syntax !== undefined) {
        end = Math.max(end, child.syntax.span.end);
      }
    }
    return { start, end };
  }
  const symbols = /[|>][-+0-9]*/y;
  symbols.lastIndex = block.header.start;
  symbols.test(text);
  return { start, end: symbols.lastIndex };
}

/** The lines of a block scalar; empty, behind the line of the value, for all others. */
function contentOf(text: string, syntax: YamlSyntax, end: number): { start: number; end: number } {
  if (syntax.block === undefined) {
    const at = nextLine(text, end);
    return { start: at, end: at };
  }
  const start = nextLine(text, syntax.block.header.end);
  return { start, end: Math.max(start, lineAfter(text, syntax.span.end)) };
}

function replaceBlock(context: SpliceContext, change: Change, syntax: YamlSyntax): void {
  const { text, edits } = context;
  const { old, next, slot } = change;
  const slotEnd = slotEndOf(slot);
  const after = lineAfter(text, deepEnd(old));
  if (!hasBreakBetween(text, slotEnd, syntax.span.start)) {
    const end = breakBefore(text, after);
    edits.push({ start: syntax.outerStart, end, text: compactValue(context, change, syntax) });
    return;
  }
  const start = nextLine(text, slotEnd);
  dropProperties(context, syntax, start);
  dropComments(context, old, start);
  if (isBlock(next)) {
    const column = blockColumn(context, change, syntax);
    edits.push({ start, end: after, text: blockLines(context, next, column) });
    return;
  }
  const [head, lines] = inlineLines(context, next, slot);
  edits.push({ start: slotEnd, end: slotEnd, text: ` ${head}` });
  edits.push({ start, end: after, text: lines });
}

function compactValue(context: SpliceContext, { next, slot }: Change, syntax: YamlSyntax): string {
  if (isBlock(next)) return compactLines(context, next, columnOf(context.text, syntax.outerStart));
  const [head, lines] = inlineLines(context, next, slot);
  return withoutLastBreak(context, `${head}${context.layout.newline}${lines}`);
}

/** Tag and anchor of a block that begins on a later line than they do. */
function dropProperties({ text, edits }: SpliceContext, syntax: YamlSyntax, before: number): void {
  if (syntax.outerStart >= before) return;
  let end = syntax.outerStart;
  const property = /[!&][^\s]*[ \t]*/y;
  property.lastIndex = end;
  while (property.test(text)) end = property.lastIndex;
  const start = blanksBefore(text, syntax.outerStart);
  edits.push({ start, end: blanksBefore(text, end), text: '' });
}

/** Comments of the block that stand on the line of its slot; the block writes them anew. */
function dropComments({ text, edits }: SpliceContext, old: Value, before: number): void {
  let value: Value | undefined = old;
  while (value !== undefined) {
    const children: readonly Child[] = childrenOf(value);
    value = undefined;
    for (const child of children) {
      if (child.kind !== 'comment') {
        value = child.kind === 'entry' ? child.value : child;
        break;
      }
      const span = child.syntax?.span;
      if (span === undefined || span.start >= before) continue;
      edits.push({ start: blanksBefore(text, span.start), end: span.end, text: '' });
    }
  }
}

function blockColumn(
  { layout }: SpliceContext,
  { old, next, slot }: Change,
  syntax: YamlSyntax,
): number {
  const column = syntax.column ?? -1;
  const fits =
    column > slot.column ||
    (next.kind === 'list' && slot.kind === 'entry' && column === slot.column);
  if (old.kind === next.kind && fits) return column;
  return slot.kind === 'entry' ? nextColumn(slot.column, layout) : slot.column + 2;
}

function slotEndOf(slot: Slot): number {
  if (slot.end === null) throw new CannotSplice('a key without a colon');
  return slot.end;
}

/** A value on the line of its slot, and the lines that follow it. */
function inlineLines({ layout }: SpliceContext, value: Value, slot: Slot): [string, string] {
  const inner = slot.kind === 'entry' ? nextColumn(slot.column, layout) : slot.column + 2;
  const text = inlineText(value, { column: slot.column, inner }, layout);
  const at = text.indexOf(layout.newline);
  if (at === -1) return [text, ''];
  return [text.slice(0, at), text.slice(at + layout.newline.length) + layout.newline];
}

/** A block as whole lines. */
export function blockLines(
  context: SpliceContext,
  value: MapNode | ListNode,
  column: number,
): string {
  const { layout } = context;
  return value.kind === 'map'
    ? itemsText(value.items, column, layout)
    : elementsText(value.elements, column, layout);
}

/** A block that begins in the middle of a line, at that column, without its last line break. */
function compactLines(context: SpliceContext, value: MapNode | ListNode, column: number): string {
  const lines = withoutLastBreak(context, blockLines(context, value, column));
  if (lines.startsWith('#', column)) throw new CannotSplice('a comment cannot follow a dash');
  return lines.slice(column);
}

function withoutLastBreak({ layout }: SpliceContext, lines: string): string {
  return lines.slice(0, -layout.newline.length);
}

/** Start of the line break that ends right at the offset. */
function breakBefore(text: string, offset: number): number {
  return offset - (text.startsWith('\r\n', offset - 2) ? 2 : 1);
}
