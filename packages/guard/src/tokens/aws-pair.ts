import { looksRandom } from '../entropy.ts';
import type { TokenHit } from './detect.ts';
import { isPlaceholderToken } from './placeholder-token.ts';

const AROUND = 400;

/** Forty characters that are neither part of a longer run nor hexadecimal. */
const SECRET = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/g;

/**
 * Near an access key id a secret access key needs no name: a few lines before or after it is the
 * other half of the pair, and then both open something.
 */
export function findAwsSecrets(text: string, hits: readonly TokenHit[]): TokenHit[] {
  const found: TokenHit[] = [];
  let searchedTo = 0;
  for (const id of hits) {
    if (id.kind !== 'aws-access-key-id' && id.kind !== 'aws-sts-key-id') continue;
    const from = Math.max(searchedTo, id.start - AROUND);
    const to = id.end + AROUND;
    const secrets = secretsIn(text.slice(from, to), from);
    if (secrets.length === 0) continue;
    found.push(...secrets, { ...id, severity: 'error' });
    searchedTo = to;
  }
  return found;
}

function secretsIn(window: string, offset: number): TokenHit[] {
  return Array.from(window.matchAll(SECRET)).flatMap((match) => {
    const [value] = match;
    if (!isSecretAccessKey(value)) return [];
    const start = offset + match.index;
    return [
      {
        kind: 'aws-secret-access-key',
        issuer: 'Amazon Web Services',
        severity: 'error' as const,
        checksumFailed: false,
        start,
        end: start + value.length,
      },
    ];
  });
}

function isSecretAccessKey(value: string): boolean {
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
  return mixed && looksRandom(value) && !isPlaceholderToken(value);
}
