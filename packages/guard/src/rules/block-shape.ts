import {
  type Comment,
  entriesOf,
  findEntry,
  type ListNode,
  type MapNode,
  sameScalar,
  type Value,
} from '@tidelock/core';
import { keyName, type SafeText, say } from '../mask.ts';
import { KEY_LISTS } from '../sops-file.ts';

/** What stands in a sops block besides what sops writes: nothing in a block is encrypted. */
export function* blockFaults(block: MapNode): Iterable<SafeText> {
  yield* faultsBelow(block, BLOCK);
  if (hasTwoKindsOfGroup(block)) {
    yield say`the sops block has key_groups beside lists of keys; sops reads the lists alone`;
  }
}

/** Whether two blocks say the same: sops writes one block into every document of a file. */
export function sameBlock(a: Value, b: Value): boolean {
  if (a.kind === 'leaf' && b.kind === 'leaf') return sameScalar(a.scalar, b.scalar);
  if (a.kind === 'list' && b.kind === 'list') return sameList(a, b);
  if (a.kind !== 'map' || b.kind !== 'map') return false;
  const entries = entriesOf(a);
  const others = new Map(entriesOf(b).map(({ key, value }) => [key, value]));
  if (entries.length !== others.size) return false;
  return entries.every(({ key, value }) => {
    const other = others.get(key);
    return other !== undefined && sameBlock(value, other);
  });
}

function sameList(a: ListNode, b: ListNode): boolean {
  const others = b.elements.filter(isValue);
  const mine = a.elements.filter(isValue);
  if (mine.length !== others.length) return false;
  return mine.every((value, i) => {
    const other = others[i];
    return other !== undefined && sameBlock(value, other);
  });
}

const isValue = (element: Value | Comment): element is Value => element.kind !== 'comment';

/** Entries that a map of the block may have, with what stands below each (SOPS-FORMAT 5). */
interface Shape {
  readonly below: ReadonlyMap<string, Shape | null>;
}

const shape = (entries: Iterable<readonly [string, Shape | null]>): Shape => ({
  below: new Map(entries),
});

const keyShape = (...fields: readonly string[]): Shape =>
  shape(fields.map((field) => [field, null]));

const DATED = ['created_at', 'enc'] as const;

const LISTS: readonly (readonly [string, Shape])[] = [
  ['age', keyShape('enc', 'recipient')],
  ['azure_kv', keyShape(...DATED, 'name', 'vault_url', 'version')],
  ['gcp_kms', keyShape(...DATED, 'resource_id')],
  ['hc_vault', keyShape(...DATED, 'engine_path', 'key_name', 'vault_address')],
  ['hckms', keyShape(...DATED, 'key_id')],
  ['kms', keyShape(...DATED, 'arn', 'aws_profile', 'context', 'role')],
  ['pgp', keyShape(...DATED, 'fp')],
];

const SINGLE = [
  'encrypted_comment_regex',
  'encrypted_regex',
  'encrypted_suffix',
  'lastmodified',
  'mac',
  'mac_only_encrypted',
  'shamir_threshold',
  'unencrypted_comment_regex',
  'unencrypted_regex',
  'unencrypted_suffix',
  'version',
];

const BLOCK = shape([
  ...LISTS,
  ['key_groups', shape(LISTS)],
  ...SINGLE.map((name) => [name, null] as const),
]);

function* faultsBelow(map: MapNode, { below }: Shape): Iterable<SafeText> {
  const seen = new Set<string>();
  for (const { key, value } of entriesOf(map)) {
    if (seen.has(key)) yield say`the sops block has ${keyName(key)} twice`;
    seen.add(key);
    const expected = below.get(key);
    if (expected === undefined) {
      yield say`the sops block has ${keyName(key)}, which sops does not write there: nobody encrypts it, and no rule judges it`;
    } else if (expected !== null) {
      for (const inner of mapsOf(value)) yield* faultsBelow(inner, expected);
    }
  }
}

function mapsOf(value: Value): readonly MapNode[] {
  if (value.kind === 'map') return [value];
  if (value.kind === 'leaf') return [];
  return value.elements.filter((element): element is MapNode => element.kind === 'map');
}

function hasTwoKindsOfGroup(block: MapNode): boolean {
  const filled = (name: string) => {
    const value = findEntry(block, name)?.value;
    return value !== undefined && mapsOf(value).length > 0;
  };
  return filled('key_groups') && KEY_LISTS.some((name) => name !== 'key_groups' && filled(name));
}
