import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import type { YamlComment, YamlNode } from './nodes.ts';

/** Collections inside one another beyond which a file is refused. */
export const MAX_DEPTH = 1000;

/** Nodes and comments beyond which a file is refused: they take about 300 bytes of memory each. */
const MAX_NODES = 2_000_000;

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const HASH = 35;
const DASH = 45;
const DOT = 46;

/**
 * Where the parser stands. `keyAllowed` and `fresh` are the two facts about the current place that
 * decide whether a block key or a dash may begin here, and whether a value ended on an earlier line.
 */
export interface Cursor {
  readonly text: string;
  readonly end: number;
  pos: number;
  /** Offset of the first character of the current line. */
  lineStart: number;
  /** A simple key, `- ` or `? ` may begin at the next token. */
  keyAllowed: boolean;
  /** A line break was crossed since the last token. */
  fresh: boolean;
  /** Open flow collections. */
  flow: number;
  depth: number;
  /** Nodes and comments made so far. */
  nodes: number;
  readonly comments: YamlComment[];
  /**
   * Anchors so far, those of earlier documents too (as in sops); null: the anchored node is not
   * complete yet.
   */
  readonly anchors: Map<string, YamlNode | null>;
  /** Tag handles of the current document. */
  readonly handles: Map<string, string>;
}

export function cursorAt(text: string): Cursor {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return {
    text,
    end: text.length,
    pos: start,
    lineStart: start,
    keyAllowed: true,
    fresh: true,
    flow: 0,
    depth: 0,
    nodes: 0,
    comments: [],
    anchors: new Map(),
    handles: new Map(),
  };
}

/** The character at the cursor, -1 at the end. */
export function here(c: Cursor): number {
  return c.pos < c.end ? c.text.charCodeAt(c.pos) : -1;
}

export function codeAt(c: Cursor, at: number): number {
  return at < c.end ? c.text.charCodeAt(at) : -1;
}

export function isBreak(code: number): boolean {
  return code === LF || code === CR || (code >= 0x85 && isUnicodeBreak(code));
}

/** NEL, LS and PS end a line as well. */
function isUnicodeBreak(code: number): boolean {
  return code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Space, tab, line break or the end of the text. */
export function isBlankOrEnd(c: Cursor, at: number): boolean {
  const code = codeAt(c, at);
  return code === SPACE || code === TAB || code === -1 || isBreak(code);
}

export function column(c: Cursor): number {
  return c.pos - c.lineStart;
}

/** Length of the line break at that offset (CR LF is one break). */
export function breakLength(c: Cursor, at: number): number {
  return codeAt(c, at) === CR && codeAt(c, at + 1) === LF ? 2 : 1;
}

/** Moves over the line break at the cursor. */
function nextLine(c: Cursor): void {
  c.pos += breakLength(c, c.pos);
  c.lineStart = c.pos;
  c.fresh = true;
  if (c.flow === 0) c.keyAllowed = true;
}

/** Moves over `length` characters that make a token after which no key may begin on this line. */
export function take(c: Cursor, length: number): void {
  c.pos += length;
  c.keyAllowed = false;
  c.fresh = false;
}

/**
 * Moves to the next token, collecting comments. Tabs separate tokens, they never indent; between two
 * comment lines they do no harm.
 */
export function skipToToken(c: Cursor): void {
  let commentLine = false;
  let leading = false;
  for (;;) {
    const code = here(c);
    if (code === SPACE || (code === TAB && (leading || c.flow > 0 || !c.keyAllowed))) c.pos++;
    else if (code === HASH) {
      commentLine = c.fresh;
      leading = false;
      takeComment(c);
    } else if (code !== -1 && isBreak(code)) nextLine(c);
    else if (code === TAB && commentLine && leadsToComment(c)) leading = true;
    else return;
  }
}

/** Nothing but blanks and line breaks stands before the next comment. */
function leadsToComment(c: Cursor): boolean {
  let at = c.pos;
  while (at < c.end && isBlankOrEnd(c, at)) at++;
  return codeAt(c, at) === HASH;
}

/** Collects the comment at the cursor and moves to the end of its line. */
export function takeComment(c: Cursor): void {
  countNode(c);
  const start = c.pos;
  let end = start + 1;
  while (end < c.end && !isBreak(c.text.charCodeAt(end))) end++;
  c.pos = end;
  c.comments.push({
    span: { start, end },
    column: start - c.lineStart,
    text: c.text.slice(start + 1, end),
    trailing: !c.fresh,
  });
}

/** `---` or `...` at the first column, followed by a blank. */
export function atDocumentMarker(c: Cursor): boolean {
  return c.pos === c.lineStart && isDocumentMarker(c, c.pos);
}

export function isDocumentMarker(c: Cursor, at: number): boolean {
  const code = codeAt(c, at);
  if (code !== DASH && code !== DOT) return false;
  return codeAt(c, at + 1) === code && codeAt(c, at + 2) === code && isBlankOrEnd(c, at + 3);
}

/** The document ends here. */
export function atDocumentEnd(c: Cursor): boolean {
  return c.pos >= c.end || atDocumentMarker(c);
}

/** ERR_PARSE at that offset, else at the cursor. `problem` never quotes the file. */
export function yamlError(
  c: { text: string; pos: number },
  problem: string,
  at = c.pos,
): TidelockError {
  const position = positionAt(c.text, at);
  return new TidelockError(
    'ERR_PARSE',
    `line ${position.line}, column ${position.column}: ${problem}`,
    {
      position,
      hint: 'Correct the YAML at this place; sops refuses it as well.',
    },
  );
}

/** Counts a node or comment, each of which costs memory. @throws TidelockError ERR_TOO_LARGE */
export function countNode(c: Cursor): void {
  if (++c.nodes <= MAX_NODES) return;
  throw new TidelockError('ERR_TOO_LARGE', `the file has more than ${MAX_NODES} keys and values`, {
    position: positionAt(c.text, c.pos),
    hint: 'Split the file, or encrypt it as a whole with --input-type binary.',
  });
}

/** Counts one level of nesting. @throws TidelockError ERR_TOO_DEEP */
export function enter(c: Cursor): void {
  c.depth++;
  if (c.depth <= MAX_DEPTH) return;
  const position = positionAt(c.text, c.pos);
  throw new TidelockError(
    'ERR_TOO_DEEP',
    `maps and lists are nested deeper than ${MAX_DEPTH} levels`,
    {
      position,
      hint: 'Flatten the file; nothing that is written by hand is nested this deep.',
    },
  );
}
