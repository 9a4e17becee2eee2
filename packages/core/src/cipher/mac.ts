import { createHash } from 'node:crypto';

/** SHA-256 of "sops": sets the MAC over encrypted values only apart from the MAC over all values. */
const ONLY_ENCRYPTED_PREFIX = Buffer.from(
  '8a3fd2ad54ce66527b1034f3d147be0b0b975b3bf44f72c6fdadec8176f27d69',
  'hex',
);

/** A running MAC over plaintexts in tree order (SOPS-FORMAT 2). */
export interface RunningMac {
  update(plaintext: string | Uint8Array): void;
  /** Upper-case hex, 128 characters; ends the run. */
  digest(): string;
}

export function startMac(options: { readonly macOnlyEncrypted: boolean }): RunningMac {
  const hash = createHash('sha512');
  if (options.macOnlyEncrypted) hash.update(ONLY_ENCRYPTED_PREFIX);
  return {
    update(plaintext) {
      if (typeof plaintext === 'string') hash.update(plaintext, 'utf8');
      else hash.update(plaintext);
    },
    digest: () => hash.digest('hex').toUpperCase(),
  };
}
