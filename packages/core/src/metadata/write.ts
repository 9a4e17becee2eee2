import {
  type Entry,
  findEntry,
  type ListNode,
  type MapNode,
  mapOf,
  type Scalar,
  stringLeaf,
  type Value,
} from '../document/document.ts';
import type { KeyGroup, MasterKeyType, Metadata } from '../document/metadata.ts';
import { compareKeys, KEY_LISTS, writeKey } from './key-lists.ts';

/** A sops block as sops writes it today: fields sorted at every level (SOPS-FORMAT 5). */
export function writeMetadata(metadata: Metadata): MapNode {
  const { keyGroups, selection, shamirThreshold } = metadata;
  const fields: [string, Value][] = [
    ['lastmodified', stringLeaf(metadata.lastModified)],
    ['mac', stringLeaf(metadata.mac)],
    ['version', stringLeaf(metadata.version)],
  ];
  if (selection !== null) fields.push([selection.rule, stringLeaf(selection.value)]);
  if (shamirThreshold !== 0) {
    fields.push(['shamir_threshold', scalarLeaf({ type: 'int', value: BigInt(shamirThreshold) })]);
  }
  if (metadata.macOnlyEncrypted) {
    fields.push(['mac_only_encrypted', scalarLeaf({ type: 'bool', value: true })]);
  }
  const [only, ...others] = keyGroups;
  if (only !== undefined && others.length === 0) fields.push(...keyLists(only));
  else fields.push(['key_groups', { kind: 'list', elements: keyGroups.map(writeGroup) }]);
  return mapOf(sorted(fields));
}

/**
 * The block with another `mac` and `lastmodified` and nothing else touched: what changes when a
 * value changes. Everything else stays the same object, fields unknown to us included.
 */
export function sealBlock(
  block: MapNode,
  sealed: { readonly mac: string; readonly lastModified: string; readonly version?: string },
): MapNode {
  let next = withText(block, 'lastmodified', sealed.lastModified);
  next = withText(next, 'mac', sealed.mac);
  return sealed.version === undefined ? next : withText(next, 'version', sealed.version);
}

function withText(block: MapNode, key: string, text: string): MapNode {
  const old = findEntry(block, key);
  if (old === undefined) {
    const added: Entry = { kind: 'entry', key, value: stringLeaf(text) };
    return { ...block, items: [...block.items, added] };
  }
  const { value } = old;
  if (value.kind === 'leaf' && value.scalar.type === 'str' && value.scalar.value === text) {
    return block;
  }
  const { syntax } = value;
  const leaf: Value = { ...stringLeaf(text), ...(syntax === undefined ? {} : { syntax }) };
  const items = block.items.map((item) => (item === old ? { ...old, value: leaf } : item));
  return { ...block, items };
}

/** Empty lists are left out, but in a group among several `age` and `hc_vault` are always there. */
function writeGroup(group: KeyGroup): MapNode {
  const lists = new Map<string, Value>([['age', EMPTY], ['hc_vault', EMPTY], ...keyLists(group)]);
  return mapOf(sorted([...lists]));
}

const EMPTY: ListNode = { kind: 'list', elements: [] };

function keyLists(group: KeyGroup): [MasterKeyType, Value][] {
  return KEY_LISTS.flatMap(({ field }): [MasterKeyType, Value][] => {
    const elements = group.keys.filter((key) => key.type === field).map(writeKey);
    return elements.length === 0 ? [] : [[field, { kind: 'list', elements }]];
  });
}

function sorted(fields: [string, Value][]): [string, Value][] {
  return fields.sort(([a], [b]) => compareKeys(a, b));
}

function scalarLeaf(scalar: Scalar): Value {
  return { kind: 'leaf', scalar };
}
