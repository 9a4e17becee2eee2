import { fromBase64 } from '../bytes.ts';
import type { AgeKey, AwsKmsKey, MasterKey, PgpKey } from '../document/metadata.ts';
import { dearmorAge } from './age-armor.ts';
import { type AgeStanza, parseAgeFile } from './age-format.ts';
import { POST_QUANTUM_STANZA } from './age-post-quantum.ts';
import { type AgeRecipient, parseAgeRecipient } from './age-recipient.ts';
import { longKeyId } from './pgp-fingerprint.ts';
import { HIDDEN_KEY_ID, readPgpRecipients } from './pgp-recipients.ts';
import { sshTag } from './ssh-public-key.ts';

export type LabelCheck =
  /** The blob names the key of its label and nobody else. */
  | { readonly ok: true }
  /** It shows other, more or hidden readers, or cannot be read: wrap it anew. */
  | { readonly ok: false; readonly reason: string }
  /** Nothing speaks against the label; without a secret key nobody can tell more. */
  | { readonly ok: 'unproven' };

export interface LabelOptions {
  /**
   * Key ids (16 hexadecimal digits, upper case) of a PGP key and its subkeys, for a fingerprint in
   * upper case without `!`; null when its public key is not at hand.
   */
  readonly pgpKeyIds?: (fingerprint: string) => readonly string[] | null;
}

const NATIVE_STANZAS: ReadonlySet<string> = new Set([
  'X25519',
  'scrypt',
  'ssh-ed25519',
  'ssh-rsa',
  POST_QUANTUM_STANZA,
]);

/**
 * Compares a wrapped key with the name it goes under, offline and without any secret: an age or PGP
 * blob can hold a second, unnamed reader. `reason` completes the sentence "this key …".
 */
export function checkLabel(key: MasterKey, options: LabelOptions = {}): LabelCheck {
  switch (key.type) {
    case 'age':
      return checkAge(key);
    case 'pgp':
      return checkPgp(key, options);
    case 'hc_vault':
      return /^vault:v[1-9][0-9]{0,9}:[A-Za-z0-9+/]+={0,2}$/.test(key.enc)
        ? UNPROVEN
        : wrong('is no ciphertext of Vault transit (vault:vN:…)');
    case 'kms':
      return checkAws(key);
    case 'gcp_kms':
      return isBlob(fromBase64(key.enc)) ? UNPROVEN : wrong('is no base64 text');
    case 'azure_kv':
      return /^[A-Za-z0-9_-]+={0,2}$/.test(key.enc) ? UNPROVEN : wrong('is no base64url text');
    case 'hckms':
      return key.enc === '' ? wrong('is empty') : UNPROVEN;
  }
}

const UNPROVEN: LabelCheck = { ok: 'unproven' };

function wrong(reason: string): LabelCheck {
  return { ok: false, reason };
}

function checkAge(key: AgeKey): LabelCheck {
  const recipient = parseAgeRecipient(key.recipient);
  if (recipient === null) return wrong('goes under a recipient that is malformed');
  const stanzas = stanzasOf(key.enc);
  if (stanzas === null) return wrong('is no age file');
  const [stanza] = stanzas;
  if (stanza === undefined || stanzas.length !== 1) {
    return wrong(`is addressed to ${stanzas.length} recipients and names one`);
  }
  return checkStanza(stanza, recipient);
}

function checkStanza(stanza: AgeStanza, recipient: AgeRecipient): LabelCheck {
  const [type = '', tag] = stanza.args;
  if (recipient.kind === 'plugin') {
    return NATIVE_STANZAS.has(type) ? anotherKind(type) : UNPROVEN;
  }
  if (recipient.kind === 'ssh') {
    if (type !== recipient.key.type) return anotherKind(type);
    return tag === sshTag(recipient.key) ? { ok: true } : wrong('is addressed to another ssh key');
  }
  const expected = recipient.kind === 'x25519' ? 'X25519' : POST_QUANTUM_STANZA;
  return type === expected ? UNPROVEN : anotherKind(type);
}

function anotherKind(type: string): LabelCheck {
  const shown = NATIVE_STANZAS.has(type) ? ` (${type})` : '';
  return wrong(`is addressed to a recipient of another kind${shown} than it names`);
}

function stanzasOf(enc: string): readonly AgeStanza[] | null {
  const bytes = dearmorAge(enc);
  try {
    return bytes === null ? null : parseAgeFile(bytes).header.stanzas;
  } catch {
    return null;
  }
}

function checkPgp(key: PgpKey, options: LabelOptions): LabelCheck {
  const recipients = readPgpRecipients(key.enc);
  if (recipients === null) return wrong('is not exactly one encrypted PGP message');
  const { keyIds, passphrases } = recipients;
  if (passphrases > 0) return wrong('can be opened with a passphrase');
  if (keyIds.includes(HIDDEN_KEY_ID)) return wrong('hides a reader (key id 0)');
  if (keyIds.length === 0) return wrong('is addressed to nobody');
  const fingerprint = key.fingerprint.replace(/!$/, '').toUpperCase();
  const known = options.pgpKeyIds?.(fingerprint) ?? null;
  if (known !== null) {
    const foreign = keyIds.filter((id) => !known.includes(id));
    return foreign.length === 0 ? { ok: true } : wrong(`is addressed to ${foreign.join(', ')}`);
  }
  if (keyIds.length > 1) return wrong(`is addressed to ${keyIds.length} keys and names one`);
  const [keyId = ''] = keyIds;
  return keyId.endsWith(longKeyId(fingerprint)) ? { ok: true } : UNPROVEN;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Emulators (moto, LocalStack) begin a blob with the id of the key; AWS itself shows nothing. */
function checkAws(key: AwsKmsKey): LabelCheck {
  const blob = fromBase64(key.enc);
  if (blob === null || !isBlob(blob)) return wrong('is no base64 text');
  const shown = Buffer.from(blob.subarray(0, 36)).toString('latin1');
  const named = /:key\/([0-9a-f-]{36})$/.exec(key.arn)?.[1];
  if (!UUID.test(shown) || named === undefined) return UNPROVEN;
  return shown === named ? { ok: true } : wrong(`was made by the key ${shown}`);
}

function isBlob(bytes: Uint8Array | null): boolean {
  return bytes !== null && bytes.length > 0;
}
