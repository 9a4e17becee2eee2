import { basename, relative } from 'node:path';
import { type Destination, TidelockError } from '@tidelock/core';

type Env = Readonly<Record<string, string | undefined>>;
export type VaultDestination = Extract<Destination, { kind: 'vault' }>;

/**
 * The name of a file among the objects of its destination: its own, or below `folder` its path from
 * there (SOPS-FORMAT 9.2).
 * @throws TidelockError ERR_PUBLISH when nothing is left of it
 */
export function objectNameOf(
  path: string,
  { folder, omitExtension }: { readonly folder: string | null; readonly omitExtension: boolean },
): string {
  const name = folder === null ? basename(path) : relative(folder, path).replaceAll('\\', '/');
  const point = name.lastIndexOf('.');
  const short = omitExtension && point > name.lastIndexOf('/') ? name.slice(0, point) : name;
  if (short !== '' && !short.endsWith('/')) return short;
  throw new TidelockError('ERR_PUBLISH', 'without its extension the file has no name', {
    path,
    hint: 'Rename it, or leave --omit-extensions and omit_extensions out.',
  });
}

/** Where an object goes, as people name it. */
export function placeText(destination: Destination, objectName: string, env: Env): string {
  switch (destination.kind) {
    case 's3':
      return `s3://${destination.bucket}/${destination.prefix}${objectName}`;
    case 'gcs':
      return `gcs://${destination.bucket}/${destination.prefix}${objectName}`;
    case 'vault':
      return `${vaultAddressOf(destination, env)}/v1/${vaultPathOf(destination, objectName)}`;
    case 'secrets-manager':
      return `AWS Secrets Manager secret ${secretNameOf(destination.name, objectName)}`;
  }
}

/** The rule's, VAULT_ADDR, or Vault's own default; without a final `/`. */
export function vaultAddressOf(destination: VaultDestination, env: Env): string {
  return (destination.address || env.VAULT_ADDR || 'https://127.0.0.1:8200').replace(/\/+$/, '');
}

/** `<mount>/data/<path>/<name>`, without `data` in version 1. */
export function vaultPathOf({ mount, path, version }: VaultDestination, name: string): string {
  const parts = [mount, version === 2 ? 'data' : '', path, name];
  return parts.flatMap((part) => part.split('/').filter((segment) => segment !== '')).join('/');
}

export function secretNameOf(name: string, objectName: string): string {
  return name.endsWith('/') ? `${name}${objectName}` : name;
}
