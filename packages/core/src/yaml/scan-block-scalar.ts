import {
  breakLength,
  type Cursor,
  codeAt,
  here,
  isBlankOrEnd,
  isBreak,
  take,
  takeComment,
  yamlError,
} from './cursor.ts';
import { foldedBreak, type ScannedScalar } from './scan-plain.ts';
import type { BlockScalarHeader } from './syntax.ts';

const TAB = 9;
const SPACE = 32;
const HASH = 35;
const PLUS = 43;
const MINUS = 45;
const GREATER = 62;

export interface ScannedBlockScalar extends ScannedScalar {
  readonly block: BlockScalarHeader;
}

/**
 * A literal or folded scalar; the cursor stands on its `|` or `>` and ends at the start of the line
 * after it.
 * @param parent column of the enclosing block collection, -1 at the root
 */
export function scanBlockScalar(c: Cursor, parent: number): ScannedBlockScalar {
  const start = c.pos;
  const folded = here(c) === GREATER;
  take(c, 1);
  const { chomping, indicator } = scanHeader(c);
  const headerEnd = endOfHeader(c);
  if (c.pos < c.end) crossBreak(c);
  const firstLine = c.pos;
  const opening = leadingBreaks(
    c,
    indicator === null ? null : Math.max(parent, 0) + indicator,
    parent,
  );
  const body = scanBody(c, { indent: opening.indent, folded, opening: opening.breaks, firstLine });
  c.keyAllowed = true;
  c.fresh = true;
  const keep = chomping === 'keep';
  const tail = chomping === 'strip' ? '' : body.lastBreak;
  return {
    start,
    // At the end of a text without a line break there the cursor is in the last line of the scalar.
    end: Math.max(keep ? (c.pos < c.end ? c.lineStart : c.end) : body.end, headerEnd),
    value: body.text + tail + (keep ? body.trailing : ''),
    block: { header: { start, end: headerEnd }, chomping, indicator, indent: opening.indent },
  };
}

function scanHeader(c: Cursor): {
  chomping: BlockScalarHeader['chomping'];
  indicator: number | null;
} {
  let chomping: BlockScalarHeader['chomping'] | null = null;
  let indicator: number | null = null;
  for (;;) {
    const code = here(c);
    if (chomping === null && (code === PLUS || code === MINUS)) {
      chomping = code === PLUS ? 'keep' : 'strip';
    } else if (indicator === null && code >= 48 && code <= 57) {
      if (code === 48) throw yamlError(c, 'an indentation indicator is 0');
      indicator = code - 48;
    } else return { chomping: chomping ?? 'clip', indicator };
    c.pos++;
  }
}

/** Blanks and a comment may follow. Returns the end of the header line. */
function endOfHeader(c: Cursor): number {
  while (here(c) === SPACE || here(c) === TAB) c.pos++;
  if (here(c) === HASH) takeComment(c);
  if (c.pos < c.end && !isBlankOrEnd(c, c.pos)) {
    throw yamlError(c, 'text follows the indicator of a block scalar on its line');
  }
  return c.pos;
}

function crossBreak(c: Cursor): string {
  const text = foldedBreak(here(c));
  c.pos += breakLength(c, c.pos);
  c.lineStart = c.pos;
  return text;
}

/** Blank lines before the first line of text, and the column that this line sets. */
function leadingBreaks(
  c: Cursor,
  given: number | null,
  parent: number,
): { indent: number; breaks: string } {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    moveToIndent(c, given);
    deepest = Math.max(deepest, c.pos - c.lineStart);
    if (c.pos >= c.end || !isBreak(here(c))) break;
    breaks += crossBreak(c);
  }
  return { indent: given ?? Math.max(deepest, parent + 1, 1), breaks };
}

/** Moves over spaces up to the column; a tab before it is an error. */
function moveToIndent(c: Cursor, indent: number | null): void {
  while (here(c) === SPACE && (indent === null || c.pos - c.lineStart < indent)) c.pos++;
  if (here(c) === TAB && (indent === null || c.pos - c.lineStart < indent)) {
    throw yamlError(c, 'a tab stands where the indentation of a block scalar is expected');
  }
}

interface BodyOptions {
  readonly indent: number;
  readonly folded: boolean;
  readonly opening: string;
  readonly firstLine: number;
}

interface Body {
  readonly text: string;
  readonly lastBreak: string;
  readonly trailing: string;
  /** After the line break of the last line of text. */
  readonly end: number;
}

function scanBody(c: Cursor, { indent, folded, opening, firstLine }: BodyOptions): Body {
  const parts: string[] = [];
  let lastBreak = '';
  let trailing = opening;
  let end = firstLine;
  let wasBlank = false;
  while (c.pos - c.lineStart === indent && c.pos < c.end) {
    const startsBlank = here(c) === SPACE || here(c) === TAB;
    if (folded && lastBreak === '\n' && !wasBlank && !startsBlank) {
      parts.push(trailing === '' ? ' ' : trailing);
    } else parts.push(lastBreak, trailing);
    wasBlank = startsBlank;
    const from = c.pos;
    while (c.pos < c.end && !isBreak(c.text.charCodeAt(c.pos))) c.pos++;
    parts.push(c.text.slice(from, c.pos));
    lastBreak = c.pos < c.end ? crossBreak(c) : '';
    end = c.pos;
    trailing = blankLines(c, indent);
  }
  return { text: parts.join(''), lastBreak, trailing, end };
}

function blankLines(c: Cursor, indent: number): string {
  let breaks = '';
  for (;;) {
    moveToIndent(c, indent);
    if (c.pos >= c.end || !isBreak(codeAt(c, c.pos))) return breaks;
    breaks += crossBreak(c);
  }
}
