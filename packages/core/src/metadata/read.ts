import type { MapNode } from '../document/document.ts';
import type { KeyGroup, MasterKey, Metadata, Selection } from '../document/metadata.ts';
import { DEFAULT_SELECTION } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import { KEY_LISTS } from './key-lists.ts';
import { WeakMapReader } from './weak-types.ts';

const MAX_GROUPS = 255;
const MAX_KEYS = 10_000;

/**
 * Reads a sops block (SOPS-FORMAT 5) of any version, in any order of fields; unknown ones are
 * ignored. `version` and `mac` may be missing here: `requireVersion` and the MAC check refuse that.
 * @throws TidelockError ERR_METADATA naming the field, ERR_SELECTION_CONFLICT, ERR_NO_KEYS
 */
export function readMetadata(block: MapNode): Metadata {
  const reader = new WeakMapReader(block, 'sops');
  return {
    keyGroups: readGroups(reader),
    shamirThreshold: readThreshold(reader),
    lastModified: reader.time('lastmodified'),
    mac: reader.text('mac'),
    version: reader.text('version'),
    selection: readSelection(reader),
    macOnlyEncrypted: reader.flag('mac_only_encrypted'),
  };
}

/** The rule that holds for a file: sops' default where none is stored. */
export function selectionOf(metadata: Metadata): Selection {
  return metadata.selection ?? DEFAULT_SELECTION;
}

function readThreshold(reader: WeakMapReader): number {
  const threshold = reader.count('shamir_threshold');
  if (threshold > MAX_GROUPS) throw reader.fail('shamir_threshold', `is over ${MAX_GROUPS}`);
  return threshold;
}

/** Lists beside `key_groups` win, as in sops: then the file has one group, made of them. */
function readGroups(reader: WeakMapReader): readonly KeyGroup[] {
  const budget = { keys: MAX_KEYS };
  const only = readGroup(reader, budget);
  if (only.keys.length > 0) return [only];
  const groups = reader.maps('key_groups');
  if (groups.length > MAX_GROUPS) throw reader.fail('key_groups', `has over ${MAX_GROUPS} groups`);
  if (groups.length > 0) return groups.map((group) => readGroup(group, budget));
  throw new TidelockError('ERR_NO_KEYS', 'No keys found in file: the sops block names no key', {
    hint: 'Nobody can open this file; restore its sops block from an earlier commit.',
  });
}

function readGroup(reader: WeakMapReader, budget: { keys: number }): KeyGroup {
  const keys: MasterKey[] = [];
  for (const { field, read } of KEY_LISTS) {
    const entries = reader.maps(field);
    budget.keys -= entries.length;
    if (budget.keys < 0) throw reader.fail(field, `brings the file to over ${MAX_KEYS} keys`);
    for (const entry of entries) keys.push(read(entry));
  }
  return { keys };
}

/** The six rules in sops' order of naming them. */
const SELECTION_RULES: readonly Selection['rule'][] = [
  'encrypted_suffix',
  'unencrypted_suffix',
  'encrypted_regex',
  'unencrypted_regex',
  'encrypted_comment_regex',
  'unencrypted_comment_regex',
];

function readSelection(reader: WeakMapReader): Selection | null {
  const found = SELECTION_RULES.map((rule) => ({ rule, value: reader.text(rule) })).filter(
    ({ value }) => value !== '',
  );
  const [first, second] = found;
  if (second === undefined) return first ?? null;
  const names = found.map(({ rule }) => rule).join(', ');
  throw new TidelockError(
    'ERR_SELECTION_CONFLICT',
    `the sops block has more than one selection rule: ${names}`,
    { hint: 'Only one may be set; restore the sops block from an earlier commit.' },
  );
}
