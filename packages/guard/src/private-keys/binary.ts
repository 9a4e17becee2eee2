import type { Source } from '../source.ts';
import type { FoundKey } from './found-key.ts';
import { isPgpSecretKey } from './pgp-packet.ts';

interface Magic {
  readonly kind: string;
  readonly title: string;
  readonly passphrase: boolean;
  matches(bytes: Uint8Array, name: string): boolean;
}

const MAGICS: readonly Magic[] = [
  {
    kind: 'java-keystore',
    title: 'a Java key store',
    passphrase: true,
    matches: (bytes, name) =>
      (startsWith(bytes, [0xfe, 0xed, 0xfe, 0xed]) ||
        startsWith(bytes, [0xce, 0xce, 0xce, 0xce])) &&
      !isTrustStore(name),
  },
  {
    kind: 'bks',
    title: 'a Bouncy Castle key store',
    passphrase: true,
    matches: (bytes, name) =>
      startsWith(bytes, [0, 0, 0, 2]) && /\.(?:bks|keystore)$/i.test(name) && !isTrustStore(name),
  },
  {
    kind: 'pkcs12',
    title: 'a PKCS#12 key store',
    passphrase: true,
    matches: (bytes, name) => isPkcs12(bytes) && !isTrustStore(name),
  },
  {
    kind: 'keepass',
    title: 'a KeePass database',
    passphrase: true,
    matches: (bytes) => startsWith(bytes, [0x03, 0xd9, 0xa2, 0x9a]),
  },
  {
    kind: 'macos-keychain',
    title: 'a macOS keychain',
    passphrase: true,
    matches: (bytes) => startsWith(bytes, [0x6b, 0x79, 0x63, 0x68]),
  },
  {
    kind: 'git-crypt',
    title: 'an exported git-crypt key',
    passphrase: false,
    matches: (bytes) => startsWith(bytes, [...Buffer.from('\0GITCRYPTKEY', 'latin1')]),
  },
  {
    kind: 'tor',
    title: 'the key of a Tor onion service',
    passphrase: false,
    matches: (bytes) => startsWith(bytes, [...Buffer.from('== ed25519v1-secret: type0 ==')]),
  },
  {
    kind: 'pgp',
    title: 'a PGP private key (binary)',
    passphrase: false,
    matches: isPgpSecretKey,
  },
  {
    kind: 'der',
    title: 'a private key (DER)',
    passphrase: false,
    matches: (bytes) => isDerPrivateKey(bytes),
  },
];

/** Key stores and keys in binary, by how they begin. */
export function findBinary(source: Source): FoundKey | null {
  const head = source.bytes.subarray(0, 64);
  for (const magic of MAGICS) {
    if (magic.matches(head, source.name)) {
      return { span: null, kind: magic.kind, title: magic.title, passphrase: magic.passphrase };
    }
  }
  return null;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte);
}

/** Holds certificates only; so does the store that Java comes with. */
function isTrustStore(name: string): boolean {
  return /trust|cacerts|debug\.keystore/i.test(name);
}

/** SEQUENCE { INTEGER 3, SEQUENCE … */
function isPkcs12(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x30 &&
    bytes[1] === 0x82 &&
    bytes[4] === 2 &&
    bytes[5] === 1 &&
    bytes[6] === 3 &&
    bytes[7] === 0x30
  );
}

/** PKCS#8: SEQUENCE { INTEGER 0, SEQUENCE { OID; PKCS#1: SEQUENCE { INTEGER 0, INTEGER … */
function isDerPrivateKey(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const long = bytes[1] === 0x82 ? 4 : bytes[1] === 0x81 ? 3 : 2;
  if (bytes[long] !== 2 || bytes[long + 1] !== 1) return false;
  const version = bytes[long + 2];
  const next = bytes[long + 3];
  if (version === 0 && next === 0x30) return bytes[long + 5] === 6;
  if (version === 0 && next === 2) return bytes[long + 4] === 0x82;
  return version === 1 && next === 4 && [0x20, 0x30, 0x42].includes(bytes[long + 4] ?? 0);
}
