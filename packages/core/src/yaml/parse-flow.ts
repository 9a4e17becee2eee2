import {
  atDocumentEnd,
  type Cursor,
  column,
  enter,
  here,
  skipToToken,
  take,
  yamlError,
} from './cursor.ts';
import { makeList, makeMap, type NodePlace } from './make-node.ts';
import type { YamlNode, YamlPair } from './nodes.ts';
import { absentNode, parseInline } from './parse-inline.ts';
import { atProperty, scanProperties } from './scan-properties.ts';

const COMMA = 44;
const COLON = 58;
const QUESTION = 63;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/** A simple key is on one line and at most this long, in UTF-16 units. */
export const MAX_KEY_LENGTH = 1024;

/** `[...]` or `{...}`; the cursor stands on the bracket and ends behind its counterpart. */
export function parseFlowCollection(c: Cursor, place: NodePlace): YamlNode {
  const start = c.pos;
  const isList = here(c) === OPEN_LIST;
  const close = isList ? CLOSE_LIST : CLOSE_MAP;
  const elements: YamlNode[] = [];
  const starts: number[] = [];
  const pairs: YamlPair[] = [];
  enter(c);
  c.flow++;
  take(c, 1);
  skipToToken(c);
  while (here(c) !== close) {
    if (isList) {
      starts.push(c.pos);
      elements.push(parseListEntry(c, place.parentColumn));
    } else pairs.push(parsePair(c, place.parentColumn));
    skipToToken(c);
    if (here(c) === COMMA) {
      take(c, 1);
      skipToToken(c);
    } else if (here(c) !== close) {
      throw yamlError(c, `a flow ${isList ? 'list' : 'map'} lacks a , or its closing bracket`);
    }
  }
  c.flow--;
  c.depth--;
  take(c, 1);
  const whole = { start, end: c.pos, ...place, column: undefined };
  return isList ? makeList(c, { elements, starts }, whole) : makeMap(c, pairs, whole);
}

/** An element; `a: b` and `? a` make a map of one pair. */
function parseListEntry(c: Cursor, parentColumn: number): YamlNode {
  const start = c.pos;
  const lineStart = c.lineStart;
  let pair: YamlPair;
  if (here(c) === QUESTION) pair = parseExplicitPair(c, parentColumn);
  else {
    const columnOfKey = column(c);
    const node = parseFlowNode(c, parentColumn);
    skipToToken(c);
    if (!atFlowColon(c, start, lineStart)) return node;
    pair = parseFlowValue(c, { key: node, start, column: columnOfKey, parentColumn });
  }
  const end = Math.max(pair.value.span.end, pair.key.span.end);
  const place = { start, end, properties: null, parentColumn };
  return makeMap(c, [pair], { ...place, column: undefined });
}

function parsePair(c: Cursor, parentColumn: number): YamlPair {
  if (here(c) === QUESTION) return parseExplicitPair(c, parentColumn);
  const start = c.pos;
  const lineStart = c.lineStart;
  const columnOfKey = column(c);
  const key = parseFlowNode(c, parentColumn);
  skipToToken(c);
  const place = { key, start, column: columnOfKey, parentColumn };
  if (atFlowColon(c, start, lineStart)) return parseFlowValue(c, place);
  return keyWithoutValue(c, place);
}

function atFlowColon(c: Cursor, start: number, lineStart: number): boolean {
  return here(c) === COLON && c.lineStart === lineStart && c.pos - start <= MAX_KEY_LENGTH;
}

interface PairPlace {
  readonly key: YamlNode;
  readonly start: number;
  readonly column: number;
  readonly parentColumn: number;
}

/** The value after a `:` at the cursor. */
function parseFlowValue(c: Cursor, { key, start, column, parentColumn }: PairPlace): YamlPair {
  const colon = c.pos;
  take(c, 1);
  skipToToken(c);
  const value = endsFlowEntry(c)
    ? absentNode(c, colon + 1, { properties: null, parentColumn })
    : parseFlowNode(c, parentColumn);
  return { span: key.span, entryStart: start, colon, column, key, value };
}

function keyWithoutValue(c: Cursor, { key, start, column, parentColumn }: PairPlace): YamlPair {
  const value = absentNode(c, key.span.end, { properties: null, parentColumn });
  return { span: key.span, entryStart: start, colon: null, column, key, value };
}

function parseExplicitPair(c: Cursor, parentColumn: number): YamlPair {
  const start = c.pos;
  take(c, 1);
  skipToToken(c);
  const columnOfKey = column(c);
  const key =
    endsFlowEntry(c) || here(c) === COLON
      ? absentNode(c, start + 1, { properties: null, parentColumn })
      : parseFlowNode(c, parentColumn);
  skipToToken(c);
  const place = { key, start, column: columnOfKey, parentColumn };
  return here(c) === COLON ? parseFlowValue(c, place) : keyWithoutValue(c, place);
}

function endsFlowEntry(c: Cursor): boolean {
  const code = here(c);
  return code === COMMA || code === CLOSE_LIST || code === CLOSE_MAP;
}

function parseFlowNode(c: Cursor, parentColumn: number): YamlNode {
  const properties = atProperty(c) ? scanProperties(c) : null;
  if (atDocumentEnd(c)) throw yamlError(c, 'a flow list or map is not closed');
  const place = { properties, parentColumn };
  const code = here(c);
  if (code === OPEN_LIST || code === OPEN_MAP) return parseFlowCollection(c, place);
  if (properties !== null && (endsFlowEntry(c) || code === COLON)) {
    return absentNode(c, properties.end, place);
  }
  return parseInline(c, place);
}
