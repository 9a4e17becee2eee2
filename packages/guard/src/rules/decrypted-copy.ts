import { fileName, say } from '../mask.ts';
import { isSopsFile } from '../sops-file.ts';
import type { Source } from '../source.ts';
import type { SetRule } from '../types.ts';

/** What tools and people put into the name of a file they have decrypted. */
const DECRYPTED =
  /(?:[._-](?:dec|decrypted|plain|plaintext|unencrypted|cleartext))(?=[._~-]|$)|^(?:dec|decrypted|plain|plaintext|unencrypted|cleartext)[._-]/i;
/** Folders that say which state the files in them are in. */
const STATES =
  /(?:^|(?<=\/))(?:enc|encrypted|sops|sealed|dec|decrypted|plain|plaintext|unencrypted|cleartext)\//gi;
const BACKUP = /(?:\.(?:bak|backup|old|orig|save|copy|tmp|swp)|~)$/i;
const ENCRYPTED = /[._-](?:enc|encrypted|sops|secret)(?=\.|$)/gi;

/** A readable copy beside an encrypted file. */
export const decryptedCopy: SetRule = {
  id: 'plaintext/decrypted-copy',
  severity: 'error',
  title: 'A decrypted copy of an encrypted file',
  docs: {
    why: 'The copy makes the encryption of the other file worthless.',
    fix: 'Remove the copy from the index and the history, and change the values.',
  },
  *checkAll(sources) {
    const encrypted = new Map<string, Source[]>();
    for (const source of sources) {
      if (!isSopsFile(source)) continue;
      const stem = stemOf(source.path);
      encrypted.set(stem, [...(encrypted.get(stem) ?? []), source]);
    }
    if (encrypted.size === 0) return;
    for (const source of sources) {
      if (source.text === null || source.bytes.length === 0) continue;
      const twin = twinOf(source, encrypted.get(stemOf(source.path)) ?? []);
      if (twin === undefined || isSopsFile(source)) continue;
      yield {
        source,
        span: null,
        message: say`a readable copy of ${fileName(twin.path)}`,
        hint: say`Remove it (git rm --cached FILE), and change the values it shows.`,
      };
    }
  },
};

function twinOf(source: Source, candidates: readonly Source[]): Source | undefined {
  if (candidates.length === 0) return undefined;
  const named = DECRYPTED.test(source.name);
  return candidates.find((candidate) => named || sameKeys(source, candidate));
}

/** Path without marks of either state, so that `a.enc.yaml`, `a.dec.yaml` and `a.yaml` are one. */
function stemOf(path: string): string {
  const plain = path.replace(STATES, '');
  const slash = plain.lastIndexOf('/') + 1;
  const name = plain
    .slice(slash)
    .replace(BACKUP, '')
    .replace(/~\d*(?=\.|$)/g, '')
    .replace(ENCRYPTED, '')
    .replace(DECRYPTED, '');
  return plain.slice(0, slash) + name.replace(/\.(?:dec|decrypted)$/i, '').toLowerCase();
}

/** At least two names of keys, and nearly all of the encrypted file's in the other. */
function sameKeys(source: Source, encrypted: Source): boolean {
  const [own, other] = [keysOf(source), keysOf(encrypted)];
  for (const name of other)
    if (/^(?:sops|mac|lastmodified|enc|recipient|unencrypted_suffix|version|age)$/.test(name))
      other.delete(name);
  if (other.size < 2) return false;
  let shared = 0;
  for (const name of other) if (own.has(name)) shared++;
  return shared >= other.size * 0.9;
}

function keysOf(source: Source): Set<string> {
  const names = new Set<string>();
  const text = (source.text ?? '').slice(0, 200_000);
  for (const match of text.matchAll(/^[ \t-]*["']?([A-Za-z0-9_./-]{1,100})["']?[ \t]{0,4}[:=]/gm)) {
    names.add(match[1] ?? '');
  }
  return names;
}
