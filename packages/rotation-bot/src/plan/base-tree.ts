import { isSopsConfig, type PolicyFile, Side, tidelockPolicyIn } from '@tidelock/check';
import type { KeyGroup } from '@tidelock/core';
import { type Env, ObjectReader, openRepository, type Repository } from '@tidelock/git';
import { CreationPolicy, LARGEST_FILE, type TidelockPolicy } from '@tidelock/guard';

/** One commit of a local repository, read as it is needed. */
export interface BaseTree {
  readonly repository: Repository;
  readonly reader: ObjectReader;
  readonly side: Side;
  readonly creation: CreationPolicy;
  /** null: there is no `.tidelock.yaml`. */
  readonly policy: TidelockPolicy | null;
  /** A regular file's bytes, or null. */
  readFile(path: string): Promise<Uint8Array | null>;
  close(): void;
}

/**
 * Opens a commit with the policy of that very commit. The work tree is not looked at.
 * @throws GitError; TidelockError ERR_CONFIG when `.tidelock.yaml` has a mistake
 */
export async function openBaseTree(folder: string, revision: string, env: Env): Promise<BaseTree> {
  const repository = await openRepository(folder, env);
  const reader = new ObjectReader(repository.git);
  try {
    const side = await Side.open(repository, revision, reader);
    const files = await side.policyFiles();
    return {
      repository,
      reader,
      side,
      creation: creationPolicyIn(files),
      // An allow entry that has run out is for the check to report, and stops no rotation.
      policy: tidelockPolicyIn(files, new Date(0)),
      readFile: (path) => readFile(side, reader, path),
      close: () => reader.close(),
    };
  } catch (error) {
    reader.close();
    throw error;
  }
}

const creationPolicyIn = (files: readonly PolicyFile[]) =>
  new CreationPolicy(files.filter(({ path }) => isSopsConfig(path)));

async function readFile(side: Side, reader: ObjectReader, path: string) {
  const entry = side.entries.get(path);
  if (entry?.mode.startsWith('100') !== true) return null;
  const blob = await reader.readBlob(entry.oid, { maxBytes: LARGEST_FILE });
  return blob.kind === 'blob' ? blob.bytes : null;
}

/** Every key group that a creation rule names: whom the base trusts. */
export function namedGroups(creation: CreationPolicy): readonly KeyGroup[] {
  return creation.configs.flatMap(({ config }) =>
    (config.creationRules ?? []).flatMap((rule) => creation.keyGroupsOf(rule) ?? []),
  );
}
