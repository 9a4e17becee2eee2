import { TidelockError } from '../errors.ts';
import type { AgeHeader } from './age-format.ts';
import type { AgeIdentity } from './age-identity.ts';

/** The type of the stanzas of hybrid post-quantum recipients (`age1pq1…`). */
export const POST_QUANTUM_STANZA = 'mlkem768x25519';

/**
 * A whole age file for one hybrid recipient. node 20 has no ML-KEM, so age-encryption does it; it is
 * loaded only here, for it takes longer to load than everything else together.
 * @throws TidelockError ERR_KEY_WRAP
 */
export async function sealPostQuantum(
  recipient: string,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
    return await encrypter.encrypt(plaintext);
  } catch (cause) {
    throw new TidelockError('ERR_KEY_WRAP', 'The post-quantum age recipient cannot be used', {
      cause,
      hint: 'Ask its owner for the recipient that age-keygen -y prints.',
    });
  }
}

/** @param text an `AGE-SECRET-KEY-PQ-1…` whose checksum was verified */
export function postQuantumIdentity(text: string): AgeIdentity {
  return {
    kind: 'post-quantum',
    asks: false,
    unwrapFileKey: async (header: AgeHeader) => {
      if (!header.stanzas.some((stanza) => stanza.args[0] === POST_QUANTUM_STANZA)) return null;
      const { Decrypter } = await import('age-encryption');
      const decrypter = new Decrypter();
      decrypter.addIdentity(text);
      try {
        return await decrypter.decryptHeader(header.bytes);
      } catch (cause) {
        if (cause instanceof Error && /no identity matched/i.test(cause.message)) return null;
        throw new TidelockError('ERR_KEY_UNWRAP', 'A post-quantum stanza cannot be opened', {
          hint: 'Restore the sops block from a commit in which the file could still be decrypted.',
        });
      }
    },
  };
}
