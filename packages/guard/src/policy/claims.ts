import { compileRegex, type Selection, TidelockError } from '@tidelock/core';
import type { Source } from '../source.ts';
import { structureOf } from '../structure/structure.ts';
import { child, mapsOf, type TreeMap, textOf } from '../structure/tree.ts';

/** Files that steer sops and its companions: read by programs, so never encrypted. */
const CONFIGURATION =
  /(?:^|\/)(?:\.sops\.ya?ml|\.tidelock\.ya?ml|\.sops-check\.ya?ml|\.git[a-z]+)$/;

/**
 * Whether a creation rule that matches the path wants this plain file encrypted: with a selection
 * that names what to encrypt, only a file that has such a key. A ConfigMap is plain by design.
 */
export function claims(source: Source, selection: Selection | null): boolean {
  if (CONFIGURATION.test(source.path)) return false;
  const names = namesOf(selection);
  // What stands behind a link or in a submodule is somebody else's: only a rule for all of it counts.
  if (source.mode === '120000' || source.mode === '160000') return names === null;
  if (source.bytes.length === 0) return false;
  if (names === null) return true;
  const { documents, unparsed } = structureOf(source);
  if (documents.length === 0 || unparsed.length > 0) return lineNames(source).some(names);
  return documents.some(({ root }) => {
    for (const { map } of mapsOf(root)) if (!isConfigMap(map) && hasNamed(map, names)) return true;
    return false;
  });
}

type Names = (key: string) => boolean;

/** null: everything is encrypted but what the rule names. */
function namesOf(selection: Selection | null): Names | null {
  if (selection?.rule === 'encrypted_suffix') return (key) => key.endsWith(selection.value);
  if (selection?.rule !== 'encrypted_regex') return null;
  try {
    return compileRegex(selection.value);
  } catch (error) {
    if (error instanceof TidelockError) return () => false;
    throw error;
  }
}

function isConfigMap(map: TreeMap): boolean {
  return textOf(map, 'kind') === 'ConfigMap' && child(map, 'apiVersion') !== undefined;
}

function hasNamed(map: TreeMap, names: Names): boolean {
  return map.entries.some(({ key, value }) => names(key) && !isEmpty(value));
}

function isEmpty(value: TreeMap['entries'][number]['value']): boolean {
  if (value.kind === 'map') return value.entries.length === 0;
  if (value.kind === 'list') return value.elements.length === 0;
  return value.value === '' || (!value.quoted && /^(?:null|~)$/i.test(value.value));
}

/** Every word before a colon or an equals sign, for what does not parse. */
function lineNames(source: Source): string[] {
  return (source.text ?? '').split(/[\r\n{},[]/).flatMap((line) =>
    line
      .split(/[:=]/)
      .slice(0, -1)
      .map((part) =>
        part
          .trim()
          .replace(/^[-?\s]+/, '')
          .replace(/^["']|["']$/g, ''),
      ),
  );
}
