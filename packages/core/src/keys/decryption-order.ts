import type { MasterKey } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';

/** Identifiers of SOPS-FORMAT 6.1, those to try first. */
export const DEFAULT_DECRYPTION_ORDER: readonly string[] = ['age', 'pgp'];

/**
 * Reads `--decryption-order`. '' is the default; an unknown name stands for nothing, as in sops.
 * @throws TidelockError ERR_DECRYPTION_ORDER for a name that is there twice
 */
export function parseDecryptionOrder(text: string): readonly string[] {
  if (text === '') return DEFAULT_DECRYPTION_ORDER;
  const names = text.split(',');
  if (new Set(names).size !== names.length) {
    throw new TidelockError('ERR_DECRYPTION_ORDER', 'The decryption order names a kind twice', {
      hint: 'Name each kind once: age,pgp,kms,gcp_kms,azure_kv,hc_vault,hckms.',
    });
  }
  return names;
}

/** The kinds of the order first, in that order; then the others as they stand in the file. */
export function inDecryptionOrder(
  keys: readonly MasterKey[],
  order: readonly string[],
): readonly MasterKey[] {
  const rank = (key: MasterKey): number => {
    const index = order.indexOf(key.type);
    return index === -1 ? order.length : index;
  };
  return [...keys].sort((a, b) => rank(a) - rank(b));
}
