import { type Cursor, countNode } from './cursor.ts';
import type {
  Properties,
  YamlAlias,
  YamlList,
  YamlMap,
  YamlNode,
  YamlPair,
  YamlScalar,
} from './nodes.ts';
import type { ScannedBlockScalar } from './scan-block-scalar.ts';
import type { ScannedScalar } from './scan-plain.ts';
import type { YamlStyle } from './syntax.ts';

/** What stands before a node, and the column of the block collection around it. */
export interface NodePlace {
  readonly properties: Properties | null;
  readonly parentColumn: number;
}

/** Where a list or a map stands. */
export interface CollectionPlace extends NodePlace {
  readonly start: number;
  readonly end: number;
  /** Of its own keys or dashes; undefined in flow style. */
  readonly column: number | undefined;
}

/** A scalar without properties, the common case, is kept small: a file has very many of them. */
export function makeScalar(
  c: Cursor,
  scanned: ScannedScalar,
  { style, properties, parentColumn }: NodePlace & { style: YamlStyle },
): YamlScalar {
  countNode(c);
  const span = { start: scanned.start, end: scanned.end };
  const inFlow = c.flow > 0;
  const outerStart = scanned.start;
  const value = scanned.value;
  if (properties === null) {
    return { kind: 'scalar', span, style, outerStart, inFlow, parentColumn, value };
  }
  const { start, anchor, tag } = properties;
  const base = { kind: 'scalar' as const, span, style, outerStart: start, inFlow, parentColumn };
  return anchored(c, { ...base, value, anchor, tag });
}

export function makeBlockScalar(
  c: Cursor,
  scanned: ScannedBlockScalar,
  place: NodePlace & { style: YamlStyle },
): YamlScalar {
  const scalar = { ...makeScalar(c, scanned, place), block: scanned.block };
  if (scalar.anchor !== undefined) c.anchors.set(scalar.anchor, scalar);
  return scalar;
}

export function makeMap(c: Cursor, pairs: readonly YamlPair[], place: CollectionPlace): YamlMap {
  countNode(c);
  const properties = place.properties;
  return anchored(c, {
    kind: 'map',
    span: { start: place.start, end: place.end },
    style: place.column === undefined ? 'flow' : 'block',
    outerStart: properties === null ? place.start : properties.start,
    inFlow: c.flow > 0,
    parentColumn: place.parentColumn,
    anchor: properties === null ? undefined : properties.anchor,
    tag: properties === null ? undefined : properties.tag,
    column: place.column,
    pairs,
  });
}

export function makeList(
  c: Cursor,
  { elements, starts }: { elements: readonly YamlNode[]; starts: readonly number[] },
  place: CollectionPlace,
): YamlList {
  countNode(c);
  const properties = place.properties;
  return anchored(c, {
    kind: 'list',
    span: { start: place.start, end: place.end },
    style: place.column === undefined ? 'flow' : 'block',
    outerStart: properties === null ? place.start : properties.start,
    inFlow: c.flow > 0,
    parentColumn: place.parentColumn,
    anchor: properties === null ? undefined : properties.anchor,
    tag: properties === null ? undefined : properties.tag,
    column: place.column,
    elements,
    starts,
  });
}

export function makeAlias(
  c: Cursor,
  name: string,
  place: { start: number; target: YamlNode; parentColumn: number },
): YamlAlias {
  countNode(c);
  return {
    kind: 'alias',
    span: { start: place.start, end: c.pos },
    style: 'alias',
    outerStart: place.start,
    inFlow: c.flow > 0,
    parentColumn: place.parentColumn,
    name,
    target: place.target,
  };
}

/** An anchor of the same name inside this node was defined later, so it is the one that counts. */
function anchored<Node extends YamlNode>(c: Cursor, node: Node): Node {
  if (node.anchor !== undefined && c.anchors.get(node.anchor) === null) {
    c.anchors.set(node.anchor, node);
  }
  return node;
}
