import type { FoundKey } from './found-key.ts';

interface Pattern {
  readonly kind: string;
  readonly title: string;
  /** What must be in the text at all. */
  readonly needs: string;
  /** The first group, or else the match, is the key. */
  readonly pattern: RegExp;
  readonly passphrase?: RegExp;
}

/** Text formats of keys without BEGIN and END. Each expression is bounded and anchored to its word. */
const PATTERNS: readonly Pattern[] = [
  {
    kind: 'putty',
    title: 'a PuTTY private key',
    needs: 'PuTTY-User-Key-File-',
    pattern:
      /PuTTY-User-Key-File-[123]: [\s\S]{0,6000}?Private-Lines: ?\d{1,4}\s+[A-Za-z0-9+/=\s]{40,6000}/g,
    passphrase: /Encryption: (?!none)/,
  },
  {
    kind: 'wireguard',
    title: 'a WireGuard key',
    needs: 'Key',
    pattern:
      /\b(?:PrivateKey|PresharedKey|private_key|preshared_key)["']?\s{0,4}[=:]\s{0,4}["']?([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])/g,
  },
  {
    kind: 'minisign',
    title: 'a minisign or signify secret key',
    needs: 'untrusted comment:',
    pattern: /untrusted comment:[^\n]{0,200}secret key[^\n]{0,100}\n([A-Za-z0-9+/=]{60,400})/g,
  },
  {
    kind: 'dnssec',
    title: 'a DNSSEC private key',
    needs: 'Private-key-format: v1.',
    pattern:
      /Private-key-format: v1\.[\s\S]{0,400}?(?:PrivateKey|PrivateExponent): ?([A-Za-z0-9+/=]{20,2000})/g,
  },
  {
    kind: 'dotenvx',
    title: 'a dotenvx private key',
    needs: 'DOTENV_PRIVATE_KEY',
    pattern:
      /\bDOTENV_PRIVATE_KEY(?:_[A-Z0-9_]{1,40})?\s{0,4}=\s{0,4}["']?([0-9a-f]{64})(?![0-9a-f])/g,
  },
  {
    kind: 'gnupg',
    title: 'a private key of GnuPG',
    needs: 'private-key',
    pattern: /^(?:Key: )?\((?:\d{2}:)?private-key/gm,
  },
  {
    kind: 'solana',
    title: 'a Solana key pair',
    needs: ',',
    pattern: /^\s{0,40}\[\s{0,10}(?:\d{1,3}\s{0,10},\s{0,10}){63}\d{1,3}\s{0,10}\]\s{0,40}$/g,
  },
];

export function* findOtherFormats(text: string): Iterable<FoundKey> {
  for (const { kind, title, needs, pattern, passphrase } of PATTERNS) {
    if (kind === 'solana' && (text.length > 1000 || !text.trimStart().startsWith('['))) continue;
    if (!text.includes(needs)) continue;
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? match[0];
      const start = match.index + match[0].lastIndexOf(value);
      yield {
        span: { start, end: start + value.trimEnd().length },
        kind,
        title,
        passphrase: passphrase?.test(match[0]) ?? false,
      };
    }
  }
}
