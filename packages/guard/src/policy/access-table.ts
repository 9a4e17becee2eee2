import type { MasterKey } from '@tidelock/core';
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

/** Who can read what, by what the files themselves say. In order of names. */
export function accessTable(
  sources: readonly Source[],
  policy: TidelockPolicy | null,
): readonly Reader[] {
  const names = new Map(
    [...(policy?.recipients.values() ?? [])].map((one) => [canonicalKey(one.key), one]),
  );
  const readers = new Map<string, { key: MasterKey; files: Map<string, ReadableFile> }>();
  for (const source of sources) {
    const metadata = metadataOf(source);
    if (metadata === null) continue;
    const needed = groupsNeeded(metadata.keyGroups.length, metadata.shamirThreshold);
    for (const key of metadata.keyGroups.flatMap(({ keys }) => keys)) {
      const name = canonicalKey(key);
      const reader = readers.get(name) ?? { key, files: new Map() };
      reader.files.set(source.path, { path: source.path, groupsNeeded: needed });
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
