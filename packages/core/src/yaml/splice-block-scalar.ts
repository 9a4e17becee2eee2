import type { Leaf } from '../document/document.ts';
import { type SpliceContext, syntaxOf } from './splice-context.ts';
import { lineAfter, nextLine } from './splice-lines.ts';
import { isToken } from './splice-token.ts';
import type { BlockScalarHeader } from './syntax.ts';
import { doubleQuoted } from './write-double.ts';
import { chompingOf, typedText } from './write-scalar.ts';
import { literalHolds } from './write-style.ts';

interface BlockScalarChange {
  readonly old: Leaf;
  readonly next: Leaf;
  readonly block: BlockScalarHeader;
}

/**
 * Writes another scalar over a literal or folded one. The header stays as long as it says the right
 * thing; a token needs no particular one, as what follows it is ignored. A value that no block
 * scalar holds goes on the line of the header, with the header's comment behind it.
 */
export function spliceBlockScalar(context: SpliceContext, change: BlockScalarChange): void {
  const { text, edits } = context;
  const { block } = change;
  const symbols = { start: block.header.start, end: symbolsEnd(text, block.header.start) };
  const content = {
    start: nextLine(text, block.header.end),
    end: Math.max(nextLine(text, block.header.end), lineAfter(text, syntaxOf(change.old).span.end)),
  };
  const fitting = fit(context, change);
  if (fitting === null) {
    edits.push({ ...symbols, text: inlineText(change.next) }, { ...content, text: '' });
    return;
  }
  const header = text.slice(symbols.start, symbols.end);
  if (header !== fitting.header) edits.push({ ...symbols, text: fitting.header });
  edits.push({ ...content, text: fitting.lines });
}

function symbolsEnd(text: string, start: number): number {
  let at = start + 1;
  while ('+-0123456789'.includes(text.charAt(at)) && at < text.length) at++;
  return at;
}

function inlineText({ scalar }: Leaf): string {
  return scalar.type === 'str' ? doubleQuoted(String(scalar.value)) : typedText(scalar);
}

/** Header and lines that hold the new value, close to the old ones; null: none do. */
function fit(
  context: SpliceContext,
  { old, next, block }: BlockScalarChange,
): { header: string; lines: string } | null {
  const { parentColumn } = syntaxOf(old);
  const { newline } = context.layout;
  if (next.scalar.type !== 'str') return null;
  const value = String(next.scalar.value);
  const header = context.text.slice(
    block.header.start,
    symbolsEnd(context.text, block.header.start),
  );
  // The content of an empty block scalar has no column of its own.
  const column = Math.max(block.indent, parentColumn + 1);
  const pad = ' '.repeat(column);
  if (isToken(value)) return { header, lines: pad + value.trimEnd() + newline };
  if (value === '' || /^\n+$/.test(value) || !literalHolds(value)) return null;
  const folds = header.startsWith('>') && !/^\n*[ \t]/.test(value);
  const indicator =
    block.indicator ?? (/^\n* /.test(value) ? column - Math.max(parentColumn, 0) : null);
  if (indicator !== null && indicator > 9) return null;
  const chomping = fittingChomping(value, block, next === context.lastLeaf);
  if (chomping === null) return null;
  const unchanged =
    chomping === block.chomping &&
    indicator === block.indicator &&
    folds === header.startsWith('>');
  const symbols = { clip: '', strip: '-', keep: '+' }[chomping];
  return {
    header: unchanged ? header : `${folds ? '>' : '|'}${indicator ?? ''}${symbols}`,
    lines: contentLines(folds ? unfold(value) : value, pad, newline),
  };
}

/**
 * The chomping that keeps the end of the value. Without a line break at the end of the file there is
 * none at the end of its last block scalar either, so any fits. null: blank lines that follow would
 * come to belong to the value.
 */
function fittingChomping(
  value: string,
  { chomping }: BlockScalarHeader,
  endsFile: boolean,
): BlockScalarHeader['chomping'] | null {
  const needed = chompingOf(value);
  if (needed === '-') return endsFile ? chomping : 'strip';
  if (needed === '+') return chomping === 'keep' ? 'keep' : null;
  return chomping === 'keep' ? 'keep' : 'clip';
}

/** Doubles the line breaks that reading a folded scalar takes one of. */
function unfold(value: string): string {
  const end = /\n*$/.exec(value)?.index ?? value.length;
  const body = value.slice(0, end).replace(/([^\n]*)(\n+)(?=([^\n]?))/g, (...match: string[]) => {
    const [, line = '', breaks = '', following = ''] = match;
    const isMoreIndented = /^[ \t]/.test(line) || /^[ \t]/.test(following);
    return line + breaks + (isMoreIndented || line === '' ? '' : '\n');
  });
  return body + value.slice(end);
}

function contentLines(value: string, pad: string, newline: string): string {
  const body = value.endsWith('\n') ? value.slice(0, -1) : value;
  return body
    .split('\n')
    .map((line) => (line === '' ? newline : pad + line + newline))
    .join('');
}
