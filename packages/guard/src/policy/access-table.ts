import type { KeyGroup, MasterKey } from '@tidelock/core';
import type { Source } from '../source.ts';
import { canonicalKey, keyText } from './canonical-key.ts';
import { groupsNeeded } from './compare-groups.ts';
import { metadataOf } from './sops-facts.ts';
import type { TidelockPolicy } from './tidelock-policy.ts';

/** Somebody who can read files: a key, with the name and owner the policy gives it. */
export interface Reader {
  /** Name, or the key itself where it has none. */
  readonly name: string;
  readonly owner: string | null;
  readonly type: MasterKey['type'];
  readonly id: string;
  readonly files: readonly ReadableFile[];
}

export interface ReadableFile {
  readonly path: string;
  /** Key groups that have to agree: over 1 this key alone does not open the file. */
  readonly groupsNeeded: number;
}

/** A file and the key groups that open it, or would by a rule. */
export interface AccessEntry {
  readonly path: string;
  readonly keyGroups: readonly KeyGroup[];
  /** 0: as many groups as there are. */
  readonly shamirThreshold: number;
}

/** Who can read what, by what the files themselves say. In order of names. */
export function accessTable(
  sources: readonly Source[],
  policy: TidelockPolicy | null,
): readonly Reader[] {
  return accessOf(
    sources.flatMap((source) => {
      const metadata = metadataOf(source);
      return metadata === null ? [] : [{ ...metadata, path: source.path }];
    }),
    policy,
  );
}

/** Who can read what, in order of names. */
export function accessOf(
  entries: Iterable<AccessEntry>,
  policy: TidelockPolicy | null,
): readonly Reader[] {
  const names = new Map(
    [...(policy?.recipients.values() ?? [])].map((one) => [canonicalKey(one.key), one]),
  );
  const readers = new Map<string, { key: MasterKey; files: Map<string, ReadableFile> }>();
  for (const { path, keyGroups, shamirThreshold } of entries) {
    const needed = groupsNeeded(keyGroups.length, shamirThreshold);
    for (const key of keyGroups.flatMap(({ keys }) => keys)) {
      const name = canonicalKey(key);
      const reader = readers.get(name) ?? { key, files: new Map() };
      reader.files.set(path, { path, groupsNeeded: needed });
      readers.set(name, reader);
    }
  }
  return [...readers]
    .map(([name, { key, files }]) => {
      const id = keyText(key).slice(key.type.length + 1);
      const known = names.get(name);
      const list = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
      return {
        name: known?.name ?? id,
        owner: known?.owner ?? null,
        type: key.type,
        id,
        files: list,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
}

export interface AccessChange extends Omit<Reader, 'files'> {
  readonly gains: readonly string[];
  readonly loses: readonly string[];
}

/** Who gains and who loses which files; readers for whom nothing changes are left out. */
export function accessChanges(
  before: readonly Reader[],
  after: readonly Reader[],
): readonly AccessChange[] {
  const keyOf = ({ type, id }: Reader) => `${type} ${id}`;
  const old = new Map(before.map((reader) => [keyOf(reader), reader]));
  const now = new Map(after.map((reader) => [keyOf(reader), reader]));
  return [...new Set([...now.keys(), ...old.keys()])].sort().flatMap((key) => {
    const reader = now.get(key) ?? old.get(key);
    if (reader === undefined) return [];
    const [had, has] = [pathsOf(old.get(key)), pathsOf(now.get(key))];
    const gains = [...has].filter((path) => !had.has(path));
    const loses = [...had].filter((path) => !has.has(path));
    const { files: _, ...who } = reader;
    return gains.length + loses.length === 0 ? [] : [{ ...who, gains, loses }];
  });
}

const pathsOf = (reader: Reader | undefined) => new Set(reader?.files.map(({ path }) => path));
