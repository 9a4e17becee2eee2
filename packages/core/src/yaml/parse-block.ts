import {
  atDocumentEnd,
  type Cursor,
  column,
  enter,
  here,
  isBlankOrEnd,
  skipToToken,
  take,
  yamlError,
} from './cursor.ts';
import { makeBlockScalar, makeList, makeMap } from './make-node.ts';
import type { Properties, YamlNode, YamlPair } from './nodes.ts';
import { MAX_KEY_LENGTH } from './parse-flow.ts';
import { absentNode, parseInline } from './parse-inline.ts';
import { scanBlockScalar } from './scan-block-scalar.ts';
import { atProperty, joinProperties, scanProperties } from './scan-properties.ts';

const DASH = 45;
const COLON = 58;
const QUESTION = 63;
const GREATER = 62;
const PIPE = 124;

/** Where a block node may stand. */
interface BlockPlace {
  /** Column of the block collection around it, -1 at the root. */
  readonly indent: number;
  /** A list may stand at that column itself, as the value of a key. */
  readonly indentless: boolean;
  /** Where an absent value is said to be. */
  readonly absentAt: number;
}

/** The node at the cursor, which stands on a token, or the absent value there. */
export function parseBlockNode(c: Cursor, { indent, indentless, absentAt }: BlockPlace): YamlNode {
  let outer: Properties | null = null;
  for (;;) {
    if (isAbsent(c, indent, indentless)) {
      return absentNode(c, absentAt, { properties: outer, parentColumn: indent });
    }
    const start = c.pos;
    const lineStart = c.lineStart;
    const keyAllowed = c.keyAllowed;
    let inner: Properties | null = null;
    if (atProperty(c)) {
      inner = scanProperties(c);
      if (c.fresh || atDocumentEnd(c)) {
        outer = joinProperties(c, outer, inner);
        continue;
      }
    }
    const code = here(c);
    if (code === PIPE || code === GREATER) {
      const properties = joinProperties(c, outer, inner);
      const style = code === PIPE ? 'literal' : 'folded';
      return makeBlockScalar(c, scanBlockScalar(c, indent), {
        style,
        properties,
        parentColumn: indent,
      });
    }
    if (atIndicator(c, DASH)) return parseBlockList(c, { properties: outer, indent, indentless });
    if (atIndicator(c, QUESTION))
      return parseBlockMap(c, { properties: outer, indent, first: null });
    const place = { properties: inner, parentColumn: indent };
    const isEmptyKey = inner !== null && atIndicator(c, COLON);
    const key = isEmptyKey ? absentNode(c, absentAt, place) : parseInline(c, place);
    skipToToken(c);
    if (c.fresh || !atIndicator(c, COLON))
      return outer === null ? key : withProperties(c, key, outer);
    requireKey(c, { allowed: keyAllowed, start, lineStart });
    const first = { key, start, column: start - lineStart };
    return parseBlockMap(c, { properties: outer, indent, first });
  }
}

/** Nothing is written where a node was expected. */
function isAbsent(c: Cursor, indent: number, indentless: boolean): boolean {
  if (atDocumentEnd(c)) return true;
  if (!c.fresh) return false;
  const at = column(c);
  if (at !== indent) return at < indent;
  const code = here(c);
  return !((indentless && atIndicator(c, DASH)) || code === PIPE || code === GREATER);
}

/** `-`, `?` or `:` followed by a blank. */
function atIndicator(c: Cursor, code: number): boolean {
  return here(c) === code && isBlankOrEnd(c, c.pos + 1);
}

interface KeyStart {
  readonly allowed: boolean;
  readonly start: number;
  readonly lineStart: number;
}

function requireKey(c: Cursor, { allowed, start, lineStart }: KeyStart): void {
  if (!allowed) throw yamlError(c, 'a key stands where none is allowed');
  if (c.lineStart !== lineStart) throw yamlError(c, 'a key is written over more than one line');
  if (c.pos - start > MAX_KEY_LENGTH) {
    throw yamlError(c, `a key is longer than ${MAX_KEY_LENGTH} characters`);
  }
}

/** Gives the properties of an earlier line to a node that turned out to be no key. */
function withProperties(c: Cursor, node: YamlNode, outer: Properties): YamlNode {
  if (node.kind === 'alias')
    throw yamlError(c, 'an alias has a tag or an anchor of its own', outer.start);
  if (node.anchor !== undefined && outer.anchor !== undefined) {
    throw yamlError(c, 'a node has two anchors', outer.start);
  }
  if (node.tag !== undefined && outer.tag !== undefined) {
    throw yamlError(c, 'a node has two tags', outer.start);
  }
  const anchor = node.anchor ?? outer.anchor;
  const owner = { ...node, outerStart: outer.start, anchor, tag: node.tag ?? outer.tag };
  if (anchor !== undefined) {
    const current = c.anchors.get(anchor);
    if (current === null || current === node) c.anchors.set(anchor, owner);
  }
  return owner;
}

interface CollectionPlace {
  readonly properties: Properties | null;
  readonly indent: number;
}

function parseBlockList(c: Cursor, place: CollectionPlace & { indentless: boolean }): YamlNode {
  if (!c.keyAllowed) throw yamlError(c, 'a list entry stands where none is allowed');
  const start = c.pos;
  const at = column(c);
  const elements: YamlNode[] = [];
  const starts: number[] = [];
  let end = start;
  enter(c);
  do {
    const absentAt = c.pos + 1;
    starts.push(c.pos);
    takeIndicator(c);
    const element = parseBlockNode(c, { indent: at, indentless: false, absentAt });
    elements.push(element);
    end = Math.max(element.span.end, absentAt);
    skipToToken(c);
  } while (continues(c, at) && (atIndicator(c, DASH) || !endsList(c, at === place.indent)));
  c.depth--;
  return makeList(
    c,
    { elements, starts },
    {
      start,
      end,
      properties: place.properties,
      parentColumn: place.indent,
      column: at,
    },
  );
}

/** A list at the column of its key ends where the next key begins. */
function endsList(c: Cursor, atKeyColumn: boolean): true {
  if (!atKeyColumn) throw yamlError(c, 'a list entry does not begin with "- "');
  return true;
}

/** `-`, `?`, or the `:` of a `?` entry: a key may follow on the same line. */
function takeIndicator(c: Cursor): void {
  take(c, 1);
  c.keyAllowed = true;
  skipToToken(c);
}

/**
 * Whether the next token is one more entry of the block collection at that column.
 * @throws TidelockError ERR_PARSE when it is neither that nor the end of the collection
 */
function continues(c: Cursor, at: number): boolean {
  if (atDocumentEnd(c)) return false;
  if (!c.fresh) throw yamlError(c, 'something follows a complete value on its line');
  if (column(c) > at) throw yamlError(c, 'a line is indented differently from those before it');
  return column(c) === at;
}

interface BlockKey {
  readonly key: YamlNode;
  /** Offset of the key or of its properties. */
  readonly start: number;
  readonly column: number;
}

/** @param place.first the first key, already read, or null when the cursor stands on a `?` */
function parseBlockMap(c: Cursor, place: CollectionPlace & { first: BlockKey | null }): YamlNode {
  if (place.first === null && !c.keyAllowed) {
    throw yamlError(c, 'a key stands where none is allowed');
  }
  const start = place.first?.start ?? c.pos;
  const at = place.first?.column ?? column(c);
  const pairs: YamlPair[] = [];
  let next = place.first;
  let end = start;
  enter(c);
  do {
    const pair =
      next === null && atIndicator(c, QUESTION)
        ? parseExplicitPair(c, at)
        : parsePair(c, next ?? parseKey(c, at));
    next = null;
    pairs.push(pair);
    end = Math.max(pair.value.span.end, pair.key.span.end, (pair.colon ?? -1) + 1);
    skipToToken(c);
  } while (continues(c, at));
  c.depth--;
  return makeMap(c, pairs, {
    start,
    end,
    properties: place.properties,
    parentColumn: place.indent,
    column: at,
  });
}

/** A key of a block map that is already open; the cursor ends on its `:`. */
function parseKey(c: Cursor, at: number): BlockKey {
  const start = c.pos;
  const lineStart = c.lineStart;
  const properties = atProperty(c) ? scanProperties(c) : null;
  const place = { properties, parentColumn: at };
  const isEmpty = properties !== null && atIndicator(c, COLON);
  const key = isEmpty ? absentNode(c, start, place) : parseInline(c, place);
  skipToToken(c);
  if (c.fresh || !atIndicator(c, COLON)) throw yamlError(c, 'a key lacks its ":"', start);
  requireKey(c, { allowed: true, start, lineStart });
  return { key, start, column: start - lineStart };
}

function parsePair(c: Cursor, { key, start, column: at }: BlockKey): YamlPair {
  const colon = c.pos;
  take(c, 1);
  skipToToken(c);
  const value = parseBlockNode(c, { indent: at, indentless: true, absentAt: colon + 1 });
  return { span: key.span, entryStart: start, colon, column: at, key, value };
}

/** `? key`, and `: value` where it follows. */
function parseExplicitPair(c: Cursor, at: number): YamlPair {
  const entryStart = c.pos;
  takeIndicator(c);
  const key = parseBlockNode(c, { indent: at, indentless: true, absentAt: entryStart + 1 });
  skipToToken(c);
  const hasValue = !atDocumentEnd(c) && c.fresh && column(c) === at && atIndicator(c, COLON);
  if (!hasValue) {
    const value = absentNode(c, Math.max(key.span.end, entryStart + 1), {
      properties: null,
      parentColumn: at,
    });
    return { span: key.span, entryStart, colon: null, column: at, key, value };
  }
  const colon = c.pos;
  takeIndicator(c);
  const value = parseBlockNode(c, { indent: at, indentless: true, absentAt: colon + 1 });
  return { span: key.span, entryStart, colon, column: at, key, value };
}
