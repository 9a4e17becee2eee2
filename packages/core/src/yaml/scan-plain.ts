import {
  breakLength,
  type Cursor,
  here,
  isBlankOrEnd,
  isBreak,
  isDocumentMarker,
  yamlError,
} from './cursor.ts';

const TAB = 9;
const SPACE = 32;
const HASH = 35;
const COLON = 58;
const QUESTION = 63;

/** The text of a scalar and where it stands. */
export interface ScannedScalar {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/**
 * A plain scalar, over as many lines as it has. The cursor ends on the next token or comment.
 * @param indent column of the enclosing block collection, -1 at the root
 */
export function scanPlain(c: Cursor, indent: number): ScannedScalar {
  const start = c.pos;
  c.keyAllowed = false;
  c.fresh = false;
  let end = endOfPlainLine(c, start);
  let value = c.text.slice(start, end);
  c.pos = end;
  for (;;) {
    const gap = skipGap(c, indent);
    if (!gap.continues) break;
    const from = c.pos;
    end = endOfPlainLine(c, from);
    value += gap.text + c.text.slice(from, end);
    c.pos = end;
    c.keyAllowed = false;
    c.fresh = false;
  }
  return { start, end, value };
}

/** End of the plain text that begins at that offset, trailing blanks left out. */
function endOfPlainLine(c: Cursor, from: number): number {
  const text = c.text;
  const inFlow = c.flow > 0;
  let end = from;
  let afterBlank = false;
  for (let at = from; at < c.end; at++) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === TAB) {
      afterBlank = true;
      continue;
    }
    if (code === COLON) {
      if (isBlankOrEnd(c, at + 1)) break;
    } else if (code === HASH) {
      if (afterBlank) break;
    } else if (inFlow && (code === QUESTION || isFlowIndicator(code))) break;
    else if ((code < SPACE || code >= 0x85) && isBreak(code)) break;
    afterBlank = false;
    end = at + 1;
  }
  return end;
}

/** `,` `[` `]` `{` `}` */
export function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 91 || code === 93 || code === 123 || code === 125;
}

interface Gap {
  readonly continues: boolean;
  readonly text: string;
}

const NO_MORE: Gap = { continues: false, text: '' };

/** Moves over blanks and line breaks after a line of plain text; says whether the scalar goes on. */
function skipGap(c: Cursor, indent: number): Gap {
  let first = '';
  let rest = '';
  for (;;) {
    const code = here(c);
    if (code === SPACE) c.pos++;
    else if (code === TAB) {
      if (c.fresh && c.pos - c.lineStart <= indent) {
        throw yamlError(c, 'a tab stands where indentation is expected');
      }
      c.pos++;
    } else if (code !== -1 && isBreak(code)) {
      const text = foldedBreak(code);
      if (first === '') first = text;
      else rest += text;
      c.pos += breakLength(c, c.pos);
      c.lineStart = c.pos;
      c.fresh = true;
      if (c.flow === 0) c.keyAllowed = true;
    } else break;
  }
  if (!c.fresh || !continuesHere(c, indent)) return NO_MORE;
  return { continues: true, text: foldBreaks(first, rest) };
}

function continuesHere(c: Cursor, indent: number): boolean {
  const code = here(c);
  if (code === -1 || code === HASH) return false;
  if (c.pos === c.lineStart && isDocumentMarker(c, c.pos)) return false;
  if (c.flow > 0) {
    if (code === QUESTION || isFlowIndicator(code)) return false;
  } else if (c.pos - c.lineStart <= indent) return false;
  return !(code === COLON && isBlankOrEnd(c, c.pos + 1));
}

/** What a line break is in text: LS and PS stay, the others are a line feed. */
export function foldedBreak(code: number): string {
  if (code === 0x2028) return '\u2028';
  return code === 0x2029 ? '\u2029' : '\n';
}

/** Line folding: a single break is a space, further ones are kept. */
export function foldBreaks(first: string, rest: string): string {
  if (first !== '\n') return first + rest;
  return rest === '' ? ' ' : rest;
}
