import type { FoundKey } from './found-key.ts';

const PRIVATE =
  /(?<![A-Za-z0-9_])["']?d["']?\s{0,10}:\s{0,10}["']?([A-Za-z0-9_-]{20,1400})(?![A-Za-z0-9_-])/g;
const SYMMETRIC =
  /(?<![A-Za-z0-9_])["']?k["']?\s{0,10}:\s{0,10}["']?([A-Za-z0-9_-]{16,400})(?![A-Za-z0-9_-])/g;

/** JSON web keys, also in YAML: `d` beside `kty` is private, `k` of an `oct` key is the key itself. */
export function* findJwk(text: string): Iterable<FoundKey> {
  if (!text.includes('kty')) return;
  yield* findMember(text, PRIVATE, /\bkty["']?\s{0,10}:\s{0,10}["']?(?:RSA|EC|OKP)\b/);
  yield* findMember(text, SYMMETRIC, /\bkty["']?\s{0,10}:\s{0,10}["']?oct\b/);
}

function* findMember(text: string, member: RegExp, type: RegExp): Iterable<FoundKey> {
  for (const match of text.matchAll(member)) {
    const around = text.slice(
      Math.max(0, match.index - 3000),
      match.index + match[0].length + 3000,
    );
    const value = match[1] ?? '';
    if (!type.test(around) || new Set(value).size < 8) continue;
    const start = match.index + match[0].length - value.length;
    yield {
      span: { start, end: start + value.length },
      kind: 'jwk',
      title: 'the private part of a JSON web key',
      passphrase: false,
    };
  }
}
