import { yamlError } from './cursor.ts';
import type { YamlMap, YamlNode } from './nodes.ts';

/** @throws TidelockError ERR_PARSE for a key that is written twice */
export function refuseDuplicateKeys(text: string, map: YamlMap): void {
  if (map.pairs.length < 2) return;
  const seen = new Set<string>();
  for (const { key } of map.pairs) {
    const written =
      key.kind === 'alias' ? `*${key.name}` : key.kind === 'scalar' ? `=${key.value}` : null;
    if (written === null) continue;
    if (seen.has(written))
      throw yamlError({ text, pos: key.span.start }, 'a key occurs twice in its map');
    seen.add(written);
  }
}

/** @throws TidelockError ERR_PARSE for a merge key `<<` whose value is neither a map nor a list of maps */
export function refuseScalarMerge(text: string, map: YamlMap): void {
  for (const { key, value } of map.pairs) {
    if (!isMergeKey(key) || isMergeable(value)) continue;
    throw yamlError(
      { text, pos: key.span.start },
      'the value of a merge key << is neither a map nor a list of maps',
    );
  }
}

function isMergeKey(key: YamlNode): boolean {
  if (key.kind !== 'scalar' || key.value !== '<<') return false;
  return (
    key.tag === '!!merge' || key.tag === '!' || (key.tag === undefined && key.style === 'plain')
  );
}

function isMergeable(value: YamlNode): boolean {
  if (value.kind === 'list') return value.elements.every(isMap);
  return isMap(value);
}

function isMap(node: YamlNode): boolean {
  return node.kind === 'alias' ? node.target.kind === 'map' : node.kind === 'map';
}
