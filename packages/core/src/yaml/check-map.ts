import { yamlError } from './cursor.ts';
import type { YamlMap, YamlNode, YamlPair } from './nodes.ts';

/**
 * Keys are compared as written, an alias by its name (SOPS-FORMAT 4.1).
 * @throws TidelockError ERR_PARSE for a key that is written twice
 */
export function refuseDuplicateKeys(text: string, { pairs }: YamlMap): void {
  const repeated = pairs.length > FEW ? findInMany(pairs) : findInFew(pairs);
  if (repeated === undefined) return;
  throw yamlError({ text, pos: repeated.span.start }, 'a key occurs twice in its map');
}

/** Up to this many keys, comparing each pair costs less than a set. */
const FEW = 8;

function findInFew(pairs: readonly YamlPair[]): YamlPair | undefined {
  return pairs.find((pair, at) => {
    for (let before = 0; before < at; before++) {
      const other = pairs[before];
      if (other !== undefined && isSameKey(pair.key, other.key)) return true;
    }
    return false;
  });
}

function isSameKey(a: YamlNode, b: YamlNode): boolean {
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.value === b.value;
  return a.kind === 'alias' && b.kind === 'alias' && a.name === b.name;
}

function findInMany(pairs: readonly YamlPair[]): YamlPair | undefined {
  const values = new Set<string>();
  const aliases = new Set<string>();
  return pairs.find(({ key }) => {
    if (key.kind !== 'scalar' && key.kind !== 'alias') return false;
    const seen = key.kind === 'scalar' ? values : aliases;
    const written = key.kind === 'scalar' ? key.value : key.name;
    if (seen.has(written)) return true;
    seen.add(written);
    return false;
  });
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
