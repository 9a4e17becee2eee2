import type { Cursor } from './cursor.ts';
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

/** Everything a scalar, list or map needs besides its content. */
export interface NodePlace {
  readonly start: number;
  readonly end: number;
  readonly style: YamlStyle;
  readonly properties: Properties | null;
  readonly parentColumn: number;
}

export function makeScalar(
  c: Cursor,
  scanned: ScannedScalar | ScannedBlockScalar,
  place: { style: YamlStyle; properties: Properties | null; parentColumn: number },
): YamlScalar {
  const properties = place.properties;
  return anchored(c, {
    kind: 'scalar',
    span: { start: scanned.start, end: scanned.end },
    style: place.style,
    outerStart: properties === null ? scanned.start : properties.start,
    anchor: properties === null ? undefined : properties.anchor,
    tag: properties === null ? undefined : properties.tag,
    inFlow: c.flow > 0,
    parentColumn: place.parentColumn,
    column: undefined,
    block: 'block' in scanned ? scanned.block : undefined,
    value: scanned.value,
  });
}

export function makeMap(
  c: Cursor,
  pairs: readonly YamlPair[],
  place: NodePlace & { column: number | undefined },
): YamlMap {
  return anchored(c, { kind: 'map', ...collectionBase(c, place), pairs });
}

export function makeList(
  c: Cursor,
  entries: { elements: readonly YamlNode[]; starts: readonly number[] },
  place: NodePlace & { column: number | undefined },
): YamlList {
  return anchored(c, {
    kind: 'list',
    ...collectionBase(c, place),
    elements: entries.elements,
    starts: entries.starts,
  });
}

export function makeAlias(
  c: Cursor,
  name: string,
  place: { start: number; target: YamlNode; parentColumn: number },
): YamlAlias {
  c.nodes++;
  return {
    kind: 'alias',
    span: { start: place.start, end: c.pos },
    style: 'alias',
    outerStart: place.start,
    anchor: undefined,
    tag: undefined,
    inFlow: c.flow > 0,
    parentColumn: place.parentColumn,
    column: undefined,
    block: undefined,
    name,
    target: place.target,
  };
}

function collectionBase(c: Cursor, place: NodePlace & { column: number | undefined }) {
  const properties = place.properties;
  return {
    span: { start: place.start, end: place.end },
    style: place.style,
    outerStart: properties === null ? place.start : properties.start,
    anchor: properties?.anchor,
    tag: properties?.tag,
    inFlow: c.flow > 0,
    parentColumn: place.parentColumn,
    column: place.column,
    block: undefined,
  };
}

function anchored<Node extends YamlNode>(c: Cursor, node: Node): Node {
  c.nodes++;
  // An anchor of the same name inside this node was defined later, so it is the one that counts.
  if (node.anchor !== undefined && c.anchors.get(node.anchor) === null)
    c.anchors.set(node.anchor, node);
  return node;
}
