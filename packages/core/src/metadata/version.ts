import { TidelockError } from '../errors.ts';

/** The sops whose format is written; never the version of this package. */
export const SOPS_VERSION = '3.13.3';

/**
 * Refuses a file whose `version` sops would refuse to decrypt.
 * @throws TidelockError ERR_METADATA
 */
export function requireVersion(version: string): void {
  if (isVersion(version)) return;
  const what = version === '' ? 'Version string empty' : 'the version is not major.minor.patch';
  throw new TidelockError('ERR_METADATA', `sops.version: ${what}`, {
    hint: 'The sops block is damaged: restore it from an earlier commit.',
  });
}

/** Whether sops would read a file of that `version` (SOPS-FORMAT 5). */
export function isVersion(version: string): boolean {
  return parseVersion(version) !== null;
}

/** The later of the stored version and ours: `edit` raises and never lowers it. */
export function raisedVersion(stored: string): string {
  const [old, own] = [parseVersion(stored), parseVersion(SOPS_VERSION)];
  if (old === null || own === null) return SOPS_VERSION;
  for (const [i, part] of own.entries()) {
    const before = old[i] ?? 0;
    if (before !== part) return before < part ? SOPS_VERSION : stored;
  }
  return stored;
}

/** Major, minor, patch; `1.*` stands for the oldest files. */
function parseVersion(version: string): readonly number[] | null {
  if (version === '1.*') return [1, 0, 0];
  const match = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+][0-9A-Za-z.+-]{1,200})?$/.exec(version);
  return match === null ? null : match.slice(1, 4).map(Number);
}
