import { TidelockError } from '../errors.ts';
import type { AgeIdentity } from './age-identity.ts';
import { type PluginAccess, pluginIdentity } from './age-plugin.ts';
import { postQuantumIdentity } from './age-post-quantum.ts';
import { x25519Identity } from './age-x25519.ts';
import { decodeBech32 } from './bech32.ts';

/**
 * The identities of a text: separated by white space, lines that start with `#` are skipped
 * (SOPS-FORMAT 6.3).
 * @throws TidelockError ERR_IDENTITY with the line, never the text
 */
export function parseAgeIdentities(text: string, plugins: PluginAccess | null): AgeIdentity[] {
  const identities: AgeIdentity[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trimStart().startsWith('#')) continue;
    for (const word of line.split(/\s+/)) {
      if (word === '') continue;
      const identity = parseIdentity(word, plugins);
      if (identity === null) throw unknown(index + 1, word);
      identities.push(identity);
    }
  }
  return identities;
}

function parseIdentity(word: string, plugins: PluginAccess | null): AgeIdentity | null {
  const decoded = decodeBech32(word);
  if (decoded === null || word !== word.toUpperCase()) return null;
  const { prefix, data } = decoded;
  if (prefix === 'age-secret-key-') return data.length === 32 ? x25519Identity(data) : null;
  if (prefix === 'age-secret-key-pq-') {
    return data.length === 32 ? postQuantumIdentity(word) : null;
  }
  const name = /^age-plugin-(.+)-$/.exec(prefix)?.[1];
  return name === undefined ? null : pluginIdentity({ name, identity: word }, plugins);
}

function unknown(line: number, word: string): TidelockError {
  const known = /^AGE-(?:SECRET-KEY|PLUGIN)-/.test(word);
  const what = known ? 'an identity whose checksum or length is wrong' : 'an unknown identity type';
  return new TidelockError('ERR_IDENTITY', `Line ${line} holds ${what}`, {
    hint: 'Each identity is AGE-SECRET-KEY-1…, AGE-SECRET-KEY-PQ-1… or AGE-PLUGIN-…; copy it again.',
  });
}
