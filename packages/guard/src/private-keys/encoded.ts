import { findArmoured } from './armoured.ts';
import type { FoundKey } from './found-key.ts';
import { isPgpSecretKey } from './pgp-packet.ts';

/** How the base64 of `-----BEGIN` begins. */
const ARMOUR_HEAD = 'LS0tLS1CRUdJTi';

/** Beginnings of private keys in base64 without armour; behind them at least so many characters. */
const DER_HEADS: readonly (readonly [RegExp, string])[] = [
  [/\bMII[A-Za-z0-9+/]{3}IBADANBgkqhkiG9w0BAQEFAA/g, 'an RSA private key (PKCS#8)'],
  [/\bMII[A-Za-z0-9+/]{3}IBAAKCA[QgYI]EA/g, 'an RSA private key (PKCS#1)'],
  [/\bMHcCAQEEI/g, 'an elliptic curve private key'],
  [/\bMIGHAgEAMBMGByqGSM49AgEG/g, 'an elliptic curve private key (PKCS#8)'],
  [/\bMIGkAgEBBD/g, 'an elliptic curve private key'],
  [/\bMIG2AgEAMBAGByqGSM49AgEG/g, 'an elliptic curve private key (PKCS#8)'],
  [/\bMC4CAQAwBQYDK2V[wu]BCIEI/g, 'an Ed25519 or X25519 private key (PKCS#8)'],
  [/\bb3BlbnNzaC1rZXktdjEAAAAABG5vbmU/g, 'an OpenSSH private key'],
];

/** The same keys in base64 of their armour, and DER in base64 without any armour. */
export function* findEncoded(text: string): Iterable<FoundKey> {
  yield* findBase64Armour(text);
  yield* findBareDer(text);
  yield* findBarePgp(text);
}

/** A secret key packet, its length in one byte or in two; the packet itself decides. */
const PGP_HEAD = /\b(?:l[E-H][A-Za-z0-9+/]E[VWXYZab]|lQ[A-Za-z0-9+/]{2}B[C-G])[A-Za-z0-9+/]{40}/g;

function* findBarePgp(text: string): Iterable<FoundKey> {
  for (const match of text.matchAll(PGP_HEAD)) {
    if (
      isArmoured(text, match.index) ||
      !isPgpSecretKey(Buffer.from(match[0].slice(0, 24), 'base64'))
    )
      continue;
    const end = base64End(text, match.index);
    if (end - match.index < 100) continue;
    const title = 'a PGP private key (binary), in base64';
    yield { span: { start: match.index, end }, kind: 'pgp', title, passphrase: false };
  }
}

const LONGEST = 60_000;

function* findBase64Armour(text: string): Iterable<FoundKey> {
  let from = text.indexOf(ARMOUR_HEAD);
  while (from !== -1) {
    const end = base64End(text, from);
    const decoded = Buffer.from(text.slice(from, end), 'base64').toString('latin1');
    const [key] = findArmoured(decoded);
    if (key !== undefined)
      yield { ...key, span: { start: from, end }, title: `${key.title}, in base64` };
    from = text.indexOf(ARMOUR_HEAD, end);
  }
}

/** Base64 goes over line breaks and their indentation as long as full lines follow one another. */
function base64End(text: string, start: number): number {
  const run = /(?:[A-Za-z0-9+/]{60,}\r?\n[ \t]*)*[A-Za-z0-9+/]*={0,2}/y;
  run.lastIndex = start;
  const found = run.exec(text.length > start + LONGEST ? text.slice(0, start + LONGEST) : text);
  return found === null
    ? start + ARMOUR_HEAD.length
    : start + Math.max(ARMOUR_HEAD.length, found[0].length);
}

function* findBareDer(text: string): Iterable<FoundKey> {
  for (const [head, title] of DER_HEADS) {
    for (const match of text.matchAll(head)) {
      if (isArmoured(text, match.index)) continue;
      const end = base64End(text, match.index);
      if (end - match.index < 60) continue;
      yield { span: { start: match.index, end }, kind: 'der', title, passphrase: false };
    }
  }
}

/** The line, or what stands before an escaped line break, ends an armour's BEGIN. */
function isArmoured(text: string, at: number): boolean {
  return /-----\s{0,40}(?:\\+[nr])*\s{0,40}["']?$/.test(text.slice(Math.max(0, at - 100), at));
}
