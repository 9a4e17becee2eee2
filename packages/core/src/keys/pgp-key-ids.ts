import type { Key, Subkey } from 'openpgp';
import type { LabelOptions } from './label.ts';

/**
 * Key ids of public keys and of the subkeys that these have signed for (RFC 9580 section 5.2.1.9), so
 * that the blocks may come from anybody. null for a key that is not among them, and for one with a
 * subkey whose signature cannot be verified. openpgp is loaded only here.
 * @param blocks armored or binary public keys; what is none is passed over
 */
export async function readPgpKeyIds(
  blocks: Iterable<Uint8Array>,
): Promise<NonNullable<LabelOptions['pgpKeyIds']>> {
  const openpgp = await import('openpgp');
  const known = new Map<string, Set<string>>();
  for (const block of blocks) {
    const text = Buffer.from(block).toString('latin1');
    const read = text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----')
      ? openpgp.readKeys({ armoredKeys: text })
      : openpgp.readKeys({ binaryKeys: Uint8Array.from(block) });
    for (const key of await read.catch((): Key[] => [])) await addTo(known, key);
  }
  return (fingerprint) => {
    const found = [...known].filter(([name]) => name.endsWith(fingerprint));
    return found.length === 0 ? null : [...new Set(found.flatMap(([, ids]) => [...ids]))];
  };
}

async function addTo(known: Map<string, Set<string>>, key: Key): Promise<void> {
  const subkeys = key.getSubkeys();
  for (const subkey of subkeys) if (!(await isBound(subkey))) return;
  const ids = key.getKeyIDs().map((id) => id.toHex().toUpperCase());
  for (const part of [key, ...subkeys]) {
    const name = part.getFingerprint().toUpperCase();
    known.set(name, new Set([...(known.get(name) ?? []), ...ids]));
  }
}

/** Looked at when it was bound: an older message may be to a subkey that has ended since. */
async function isBound(subkey: Subkey): Promise<boolean> {
  const times = subkey.bindingSignatures.map(({ created }) => created?.getTime() ?? 0);
  try {
    await subkey.verify(new Date(Math.max(0, ...times)));
    return true;
  } catch {
    return false;
  }
}
