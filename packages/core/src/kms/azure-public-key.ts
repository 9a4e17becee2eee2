import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto';
import type { AzureKeyVaultKey } from '../document/metadata.ts';

/** The public half of one version of a key. */
export type AzurePublicKey = KeyObject;

/**
 * The version and the public half from a key as Key Vault describes it; null when it is not an RSA
 * key, not under this name, or too small.
 */
export function azureKeyOf(
  key: AzureKeyVaultKey,
  description: unknown,
): { readonly key: AzureKeyVaultKey; readonly publicKey: AzurePublicKey } | null {
  const { kid, kty, n, e } = fieldsOf(description);
  const version = typeof kid === 'string' ? /\/keys\/([^/]+)\/([0-9a-zA-Z]+)$/.exec(kid) : null;
  if (version?.[1] !== key.name || !/^RSA(?:-HSM)?$/.test(String(kty))) return null;
  if (typeof n !== 'string' || typeof e !== 'string' || n.length < 340) return null;
  try {
    const publicKey = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    return { key: { ...key, version: version[2] ?? '' }, publicKey };
  } catch {
    return null;
  }
}

/** RSA-OAEP-256, as base64url without padding: what the vault itself would have answered. */
export function wrapOffline(publicKey: AzurePublicKey, dataKey: Uint8Array): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key: publicKey, oaepHash: 'sha256', padding }, dataKey).toString(
    'base64url',
  );
}

function fieldsOf(value: unknown): { kid?: unknown; kty?: unknown; n?: unknown; e?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}
