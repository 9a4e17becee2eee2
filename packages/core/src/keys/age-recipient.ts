import { decodeBech32 } from './bech32.ts';
import { parseSshPublicKey, type SshPublicKey } from './ssh-public-key.ts';

/** A recipient as its text says it (SOPS-FORMAT 6.2). */
export type AgeRecipient =
  | { readonly kind: 'x25519'; readonly publicKey: Uint8Array }
  | { readonly kind: 'post-quantum' }
  | { readonly kind: 'ssh'; readonly key: SshPublicKey }
  | { readonly kind: 'plugin'; readonly name: string };

const PLUGIN_NAME = /^[a-z0-9_-]{1,64}$/;
const POST_QUANTUM_BYTES = 1184 + 32;
const LONGEST = 16_384;

/** Whether that may be the NAME of an `age-plugin-NAME` that we would run. */
export function isPluginName(name: string): boolean {
  return PLUGIN_NAME.test(name);
}

/** Files of one repository share their recipients: each is read once, as long as they are few. */
const known = new Map<string, AgeRecipient | null>();
const MOST_KNOWN = 1000;

/** null when the text is no recipient of any kind, or its checksum is wrong. */
export function parseAgeRecipient(text: string): AgeRecipient | null {
  if (text.length > LONGEST) return null;
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const recipient = readRecipient(text);
  known.set(text, recipient);
  return recipient;
}

function readRecipient(text: string): AgeRecipient | null {
  if (text.startsWith('ssh-')) {
    const key = parseSshPublicKey(text);
    return key === null ? null : { kind: 'ssh', key };
  }
  if (!text.startsWith('age1')) return null;
  const decoded = decodeBech32(text);
  if (decoded === null) return null;
  const { prefix, data } = decoded;
  if (prefix === 'age') {
    return data.length === 32 ? { kind: 'x25519', publicKey: data } : null;
  }
  if (prefix === 'age1pq') {
    return data.length === POST_QUANTUM_BYTES ? { kind: 'post-quantum' } : null;
  }
  const name = prefix.slice('age1'.length);
  return isPluginName(name) ? { kind: 'plugin', name } : null;
}
