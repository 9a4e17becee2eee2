import type { Entry } from '../document/document.ts';
import { isBlock, itemsText, SOPS_LAYOUT } from './canonical.ts';
import { alignChildren } from './splice-align.ts';
import { markChanged } from './splice-anchors.ts';
import {
  CannotSplice,
  keySyntaxOf,
  type RootChange,
  type SpliceContext,
  syntaxOf,
} from './splice-context.ts';
import {
  beginsLine,
  blanksBefore,
  columnOf,
  endsLine,
  hasBreakBetween,
  nextLine,
} from './splice-lines.ts';
import { plainShape } from './write-style.ts';

/**
 * Turns a flow root into a block by its brackets and commas alone, each entry on a line of its own.
 * @throws CannotSplice where an entry would not be the same in a block
 */
export function flowRootText(context: SpliceContext, { old, next, document }: RootChange): void {
  const { text, edits, layout } = context;
  const { rootSpan } = document;
  const isAlone = endsLine(text, rootSpan.end) && syntaxOf(old).outerStart === rootSpan.start;
  if (!isAlone) throw new CannotSplice('something stands beside the root');
  const own = beginsLine(text, rootSpan.start);
  const column = own ? columnOf(text, rootSpan.start) : 0;
  const separator = layout.newline + ' '.repeat(column);
  const partner = alignChildren(old.items, next.items);
  const kept = new Set(partner);
  let at = own ? rootSpan.start : blanksBefore(text, rootSpan.start);
  let glue = own ? '' : layout.newline;
  old.items.forEach((item, i) => {
    if (item.kind === 'comment') throw new CannotSplice('a comment in a flow root');
    if (!kept.has(i)) {
      markChanged(context, item);
      return;
    }
    const { entryStart } = keySyntaxOf(item);
    edits.push({ start: at, end: entryStart, text: glue });
    glue = separator;
    at = asBlockEntry(context, item);
  });
  edits.push({ start: at, end: rootSpan.end, text: '' });
  const added: string[] = [];
  next.items.forEach((item, j) => {
    const previous = old.items[partner[j] ?? -1];
    if (previous === undefined) {
      const isSops = item.kind === 'entry' && item.key === 'sops';
      added.push(
        itemsText([item], column, isSops ? { ...layout, indent: SOPS_LAYOUT.indent } : layout),
      );
      return;
    }
    if (added.length > 0) throw new CannotSplice('an entry before one that stays');
    if (previous.kind !== 'entry' || item.kind !== 'entry') return;
    const { colon } = keySyntaxOf(previous);
    const slot = { kind: 'entry', column: -1, end: colon === null ? null : colon + 1 } as const;
    context.splice(context, { old: previous.value, next: item.value, slot });
  });
  const end = nextLine(text, rootSpan.end);
  edits.push({ start: end, end, text: added.join('') });
}

/** Makes one entry readable in a block and returns where it ends. */
function asBlockEntry({ text, edits }: SpliceContext, entry: Entry): number {
  const { span, colon, entryStart } = keySyntaxOf(entry);
  const { value } = entry;
  const { outerStart, span: valueSpan, style } = syntaxOf(value);
  const key = text.slice(entryStart, span.end);
  const isSimple =
    entryStart === span.start && !hasBreakBetween(text, entryStart, colon ?? span.end);
  const isQuoted = /^["']/.test(key);
  if (colon === null || !isSimple || !(isQuoted || plainShape(key, false))) {
    throw new CannotSplice('a key that a block cannot hold');
  }
  if (!isBlock(value) && hasBreakBetween(text, colon, valueSpan.end)) {
    throw new CannotSplice('a value of several lines');
  }
  const shown = text.slice(valueSpan.start, valueSpan.end);
  if (style === 'plain' && !plainShape(shown, false))
    throw new CannotSplice('not plain in a block');
  if (outerStart === colon + 1 && valueSpan.end > outerStart) {
    edits.push({ start: outerStart, end: outerStart, text: ' ' });
  }
  return Math.max(colon + 1, valueSpan.end);
}
