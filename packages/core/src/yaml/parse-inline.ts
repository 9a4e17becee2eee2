import { type Cursor, codeAt, here, isBlankOrEnd, yamlError } from './cursor.ts';
import { makeAlias, makeScalar, type NodePlace } from './make-node.ts';
import type { YamlNode } from './nodes.ts';
import { parseFlowCollection } from './parse-flow.ts';
import { isFlowIndicator, scanPlain } from './scan-plain.ts';
import { scanName } from './scan-properties.ts';
import { scanQuoted } from './scan-quoted.ts';

const DOUBLE = 34;
const SINGLE = 39;
const STAR = 42;
const DASH = 45;
const COLON = 58;
const QUESTION = 63;
const OPEN_LIST = 91;
const OPEN_MAP = 123;

/** The node at the cursor that may be a key: a plain or quoted scalar, an alias, a flow collection. */
export function parseInline(c: Cursor, place: NodePlace): YamlNode {
  const { properties, parentColumn } = place;
  const code = here(c);
  if (code === DOUBLE || code === SINGLE) {
    const style = code === DOUBLE ? 'double' : 'single';
    return makeScalar(c, scanQuoted(c), { style, properties, parentColumn });
  }
  if (code === OPEN_LIST || code === OPEN_MAP) return parseFlowCollection(c, place);
  if (code === STAR) return parseAlias(c, place);
  if (!startsPlain(c)) throw yamlError(c, 'no value can begin with this character; quote it');
  return makeScalar(c, scanPlain(c, parentColumn), { style: 'plain', properties, parentColumn });
}

/** A value that is not written. */
export function absentNode(c: Cursor, at: number, place: NodePlace): YamlNode {
  const start = place.properties === null ? at : place.properties.end;
  return makeScalar(c, { start, end: start, value: '' }, { style: 'absent', ...place });
}

function parseAlias(c: Cursor, { properties, parentColumn }: NodePlace): YamlNode {
  const start = c.pos;
  if (properties !== null) throw yamlError(c, 'an alias has a tag or an anchor of its own');
  const name = scanName(c);
  const target = c.anchors.get(name);
  if (target === undefined)
    throw yamlError(c, 'an alias names an anchor that does not exist', start);
  if (target === null) throw yamlError(c, 'an alias stands inside the node that it names', start);
  return makeAlias(c, name, { start, target, parentColumn });
}

function startsPlain(c: Cursor): boolean {
  const code = here(c);
  if (code === DASH) return !isBlankOrEnd(c, c.pos + 1);
  if (code === COLON || code === QUESTION) return c.flow === 0 && !isBlankOrEnd(c, c.pos + 1);
  return code !== -1 && !isFlowIndicator(code) && !RESERVED.has(code) && codeAt(c, c.pos) > 32;
}

const RESERVED: ReadonlySet<number> = new Set(
  [...'#&*!|>%@`'].map((character) => character.charCodeAt(0)),
);
