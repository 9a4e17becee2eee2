import { zero } from '../bytes.ts';
import type { MasterKey, PgpKey } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import { dearmorAge } from './age-armor.ts';
import { type AgeHeader, parseAgeFile } from './age-format.ts';
import { type AgeIdentityOptions, ageIdentitySources } from './age-identities.ts';
import type { AgeIdentity } from './age-identity.ts';
import { parseAgeRecipient } from './age-recipient.ts';
import { readPgpKeyState } from './pgp-key-state.ts';
import { readPgpRecipients } from './pgp-recipients.ts';

/**
 * Whether a wrapped key opens with the identity of the recipient it goes under: what `checkLabel`
 * cannot tell of X25519. null: that identity is not at hand.
 */
export type ProveLabel = (key: MasterKey) => Promise<boolean | null>;

/**
 * Reads identities from where sops looks for them and public keys of PGP from the keyring, which gpg
 * may be started for; asks nobody.
 */
export function createLabelProver(options: AgeIdentityOptions): ProveLabel {
  let loading: Promise<readonly AgeIdentity[]> | null = null;
  return async (key) => {
    if (key.type === 'pgp') return provePgp(key, options);
    if (key.type !== 'age') return null;
    const recipient = parseAgeRecipient(key.recipient);
    if (recipient?.kind !== 'x25519') return null;
    loading ??= loadAll(options);
    const own = (await loading).filter(
      ({ point }) => point !== undefined && Buffer.compare(point, recipient.publicKey) === 0,
    );
    const header = headerOf(key.enc);
    if (own.length === 0 || header === null) return null;
    for (const identity of own) if (await opens(identity, header)) return true;
    return false;
  };
}

/** Whether the message is to the key and its subkeys alone. */
async function provePgp(
  { fingerprint, enc }: PgpKey,
  { environment }: AgeIdentityOptions,
): Promise<boolean | null> {
  const state = await readPgpKeyState(fingerprint, { environment, now: new Date() });
  const recipients = state === null ? null : readPgpRecipients(enc);
  if (state === null || recipients === null) return null;
  return recipients.keyIds.every((id) => state.keyIds.includes(id));
}

async function loadAll(options: AgeIdentityOptions): Promise<readonly AgeIdentity[]> {
  const places = ageIdentitySources(options).filter(
    ({ holds, runs, perRecipient }) => holds === 'age' && !runs && !perRecipient,
  );
  const lists = await Promise.all(places.map((place) => place.load('').catch(() => null)));
  return lists.flatMap((identities) => identities ?? []);
}

async function opens(identity: AgeIdentity, header: AgeHeader): Promise<boolean> {
  try {
    const fileKey = await identity.unwrapFileKey(header);
    if (fileKey === null) return false;
    zero(fileKey);
    return true;
  } catch (error) {
    if (error instanceof TidelockError) return false;
    throw error;
  }
}

function headerOf(enc: string): AgeHeader | null {
  const bytes = dearmorAge(enc);
  try {
    return bytes === null ? null : parseAgeFile(bytes).header;
  } catch {
    return null;
  }
}
