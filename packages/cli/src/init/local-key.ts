import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { generateAgeIdentity } from '@tidelock/core';
import { CommandError } from '../command-error.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Ports } from '../ports.ts';
import { keysFilePath } from './keys-file.ts';

/** The age key of a test environment: outside of the repository, beside the user's other identities. */
export interface LocalKey {
  /** Absolute: where the identity stands. */
  readonly file: string;
  readonly recipient: string;
  /** Written when the proposal is taken; null: it is there already. */
  readonly addition: { readonly before: Uint8Array | null; readonly after: string } | null;
}

const MARK = '# local key for test environments, made by tidelock; never for production';
const KNOWN = new RegExp(`^${MARK}\\n# public key: (age1[a-z0-9]+)$`, 'm');
const OWNER_ONLY = 0o600;

/**
 * The local key of this user, or a new one that is not yet written. Other identities of the file are
 * never taken for it: they may open production.
 * @throws CommandError where the file would lie within the repository
 */
export async function localKey(ports: Ports, repository: string): Promise<LocalKey> {
  const file = keysFilePath(ports);
  const inside = relative(repository, file);
  if (inside !== '' && !inside.startsWith('..') && inside !== file)
    throw new CommandError(
      'ERR_USAGE',
      2,
      `the keys file ${file} lies within the repository`,
      'A key that is committed opens everything: set XDG_CONFIG_HOME to a folder outside of it.',
    );
  const before = await ports.readFile(file);
  const text = before === null ? '' : Buffer.from(before).toString('utf8');
  const known = KNOWN.exec(text)?.[1];
  if (known !== undefined) return { file, recipient: known, addition: null };
  const { identity, recipient } = generateAgeIdentity();
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  const after = `${text}${gap}${MARK}\n# public key: ${recipient}\n${identity}\n`;
  return { file, recipient, addition: { before, after } };
}

/** Adds the identity to the keys file; what is there stays. */
export async function writeLocalKey({ file, addition }: LocalKey): Promise<void> {
  if (addition === null) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  await writeAtomically({
    path: file,
    bytes: Buffer.from(addition.after),
    expected: addition.before,
    mode: OWNER_ONLY,
  });
}

/** Whether others than the owner can read the keys file. */
export function isReadByOthers({ file }: LocalKey, { platform }: Ports): boolean {
  return platform !== 'win32' && existsSync(file) && (statSync(file).mode & 0o077) !== 0;
}
