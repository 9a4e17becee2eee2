import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import {
  ageKeyService,
  type Environment,
  type KeyGroup,
  type KeyService,
  keyKindName,
  pgpKeyService,
} from '@tidelock/core';
import { type Git, runOutside } from '@tidelock/git';

/** age and PGP: all that can be wrapped for without a network. Plugins are not started. */
export function localKeyServices(git: Git): readonly KeyService[] {
  const environment: Environment = {
    env: git.env,
    platform: process.platform,
    homeDir: homedir(),
    cwd: git.cwd,
    readFile: readOrNull,
    run: runOutside(git.env, git.workTree),
  };
  return [ageKeyService({ environment }), pgpKeyService({ environment })];
}

/** The kinds of keys in the groups that only a service on the network can wrap for. */
export function remoteKinds(groups: readonly KeyGroup[]): string[] {
  const types = groups.flatMap(({ keys }) => keys.map(({ type }) => type));
  const remote = types.filter((type) => type !== 'age' && type !== 'pgp');
  return [...new Set(remote)].map(keyKindName);
}

async function readOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
