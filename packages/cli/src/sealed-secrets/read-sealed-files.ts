import { readFile } from 'node:fs/promises';
import { TidelockError } from '@tidelock/core';
import { CommandError } from '../command-error.ts';
import { errorText } from '../error-text.ts';
import { ExitCodeError } from '../exit-codes.ts';
import { findFiles } from '../files/find-encrypted.ts';
import { WriteError } from '../files/write-error.ts';
import type { Flags } from '../flags.ts';
import { objectsOf } from '../manifests/kube-object.ts';
import { readManifests } from '../manifests/manifest-file.ts';
import type { Ports } from '../ports.ts';
import type { FailedFile } from './reseal-text.ts';
import { isSealedSecret, type SealedObject, sealedObject } from './sealed-manifest.ts';

const NAMES = /\.(?:ya?ml|json)$/i;
const MARK = 'SealedSecret';

export interface SealedFiles {
  readonly objects: readonly SealedObject[];
  /** Files that could not be read as manifests: said already, and left as they are. */
  readonly failed: readonly FailedFile[];
}

/** The SealedSecrets of files, and of all files below folders. A bad file does not hold up the others. */
export async function readSealedFiles(
  ports: Ports,
  flags: Flags,
  paths: readonly string[],
): Promise<SealedFiles> {
  const objects: SealedObject[] = [];
  const failed: FailedFile[] = [];
  for (const path of await findFiles(paths, ports.cwd, mentionsSealedSecret)) {
    try {
      const file = await readManifests(ports, flags, path);
      const sealed = objectsOf(file).filter(isSealedSecret);
      objects.push(...sealed.map((one) => sealedObject(one, flags.text('namespace') ?? null)));
    } catch (error) {
      failed.push(failureOf(error, path));
      ports.stderr(errorText(error));
    }
  }
  return { objects, failed };
}

async function mentionsSealedSecret(path: string): Promise<boolean> {
  return NAMES.test(path) && (await readFile(path)).includes(MARK);
}

/** What is no mistake of the file goes on. */
export function failureOf(error: unknown, path: string): FailedFile {
  const inner = error instanceof ExitCodeError ? error.error : error;
  if (inner instanceof CommandError || inner instanceof WriteError)
    return { path, code: inner.code, message: inner.message, line: null };
  if (!(inner instanceof TidelockError)) throw error;
  return { path, code: inner.code, message: inner.message, line: inner.position?.line ?? null };
}
