import type { AzureKeyVaultKey, GcpKmsKey, HuaweiKmsKey, VaultKey } from '../document/metadata.ts';

interface Dated {
  readonly enc: string;
  readonly createdAt: string;
}

const LONGEST = 2048;

/** `projects/P/locations/L/keyRings/R/cryptoKeys/K` (SOPS-FORMAT 6.2), else null. */
export function parseGcpKey(text: string, dated: Dated): GcpKmsKey | null {
  const segment = '[^/\\s]+';
  const name = `^projects/${segment}/locations/${segment}/keyRings/${segment}/cryptoKeys/${segment}$`;
  if (text.length > LONGEST || !new RegExp(name).test(text)) return null;
  return { type: 'gcp_kms', resourceId: text, ...dated };
}

/** `https://host/keys/NAME[/VERSION]` (SOPS-FORMAT 6.2); `version` is '' when none is given. */
export function parseAzureKey(text: string, dated: Dated): AzureKeyVaultKey | null {
  if (text.length > LONGEST || /[\s?#@]/.test(text)) return null;
  const match = /^(https:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]*))?$/.exec(text);
  if (match === null) return null;
  const [, vaultUrl = '', name = '', version = ''] = match;
  return { type: 'azure_kv', vaultUrl, name, version, ...dated };
}

/**
 * `scheme://host/v1/<engine path>/keys/<name>` (SOPS-FORMAT 6.2). An address with user name, query or
 * fragment is refused: it would be stored in every file.
 */
export function parseVaultKey(text: string, dated: Dated): VaultKey | null {
  if (text.length > LONGEST || /[\s?#@]/.test(text)) return null;
  const match = /^(https?:\/\/[^/]+)\/v1\/(.*)$/.exec(text);
  if (match === null) return null;
  const [, vaultAddress = '', path = ''] = match;
  const segments = path.split('/');
  const keyName = segments.pop();
  if (segments.pop() !== 'keys' || keyName === undefined) return null;
  if ([...segments, keyName].some(isUnsafeSegment) || segments.length === 0) return null;
  return { type: 'hc_vault', vaultAddress, enginePath: segments.join('/'), keyName, ...dated };
}

/** `region:uuid`, split at the first colon (SOPS-FORMAT 6.2). */
export function parseHuaweiKey(text: string, dated: Dated): HuaweiKmsKey | null {
  if (text.length > LONGEST || !/^[^:\s]+:[^\s]+$/.test(text)) return null;
  return { type: 'hckms', keyId: text, ...dated };
}

function isUnsafeSegment(segment: string): boolean {
  return segment === '' || segment === '.' || segment === '..';
}
