import type { TextSpan } from '../types.ts';
import type { FoundKey } from './found-key.ts';

const BEGIN = /(-{4,5}) ?BEGIN ([A-Z0-9 ]{0,60}?) ?-{4,5}|-----BEGIN OpenVPN Static key V1-----/g;

/** Characters of armour looked at: a key of 16,384 bits has 13,000. */
const LONGEST = 40_000;

interface Label {
  readonly kind: string;
  readonly title: string;
  readonly passphrase?: boolean;
}

const LABELS: ReadonlyMap<string, Label> = new Map([
  ['PRIVATE KEY', { kind: 'pem', title: 'a private key (PKCS#8)' }],
  ['RSA PRIVATE KEY', { kind: 'pem', title: 'an RSA private key' }],
  ['EC PRIVATE KEY', { kind: 'pem', title: 'an elliptic curve private key' }],
  ['DSA PRIVATE KEY', { kind: 'pem', title: 'a DSA private key' }],
  ['ANY PRIVATE KEY', { kind: 'pem', title: 'a private key' }],
  ['ED25519 PRIVATE KEY', { kind: 'pem', title: 'an Ed25519 private key' }],
  ['OPENSSH PRIVATE KEY', { kind: 'openssh', title: 'an OpenSSH private key' }],
  ['SSH2 PRIVATE KEY', { kind: 'ssh2', title: 'an SSH2 private key' }],
  ['SSH2 ENCRYPTED PRIVATE KEY', { kind: 'ssh2', title: 'an SSH2 private key', passphrase: true }],
  ['ENCRYPTED PRIVATE KEY', { kind: 'pem', title: 'a private key (PKCS#8)', passphrase: true }],
  [
    'ENCRYPTED SIGSTORE PRIVATE KEY',
    { kind: 'sigstore', title: 'a Sigstore private key', passphrase: true },
  ],
  [
    'ENCRYPTED COSIGN PRIVATE KEY',
    { kind: 'cosign', title: 'a Cosign private key', passphrase: true },
  ],
  ['PGP PRIVATE KEY BLOCK', { kind: 'pgp', title: 'a PGP private key' }],
  ['PGP SECRET KEY BLOCK', { kind: 'pgp', title: 'a PGP private key' }],
]);

/** Keys between BEGIN and END lines: as they are, indented, quoted, or with `\n` for line breaks. */
export function* findArmoured(text: string): Iterable<FoundKey> {
  if (!text.includes('BEGIN ')) return;
  let from = 0;
  for (const match of text.matchAll(BEGIN)) {
    if (match.index < from) continue;
    const label = labelOf(match[2]);
    if (label === null) continue;
    const block = blockAt(text, { start: match.index, end: match.index + match[0].length });
    if (block === null || !isKeyBody(label, block.body)) continue;
    from = block.span.end;
    const passphrase = label.passphrase ?? hasPassphrase(label.kind, block.body);
    yield { span: block.span, kind: label.kind, title: label.title, passphrase };
  }
}

function labelOf(name: string | undefined): Label | null {
  if (name === undefined) return { kind: 'openvpn', title: 'an OpenVPN static key' };
  return LABELS.get(name.trim()) ?? null;
}

/** From BEGIN to END; a block that was cut off ends where its characters end. */
function blockAt(text: string, begin: TextSpan): { span: TextSpan; body: string } | null {
  const limit = Math.min(text.length, begin.end + LONGEST);
  const window = text.slice(begin.end, limit);
  const next = window.search(/-{4,5} ?BEGIN /);
  const reach = next === -1 ? window : window.slice(0, next);
  const end = /-{4,5} ?END [A-Za-z0-9 ]{0,60}-{4,5}/.exec(reach);
  if (end !== null) {
    const stop = begin.end + end.index;
    return {
      span: { start: begin.start, end: stop + end[0].length },
      body: text.slice(begin.end, stop),
    };
  }
  const cut = /^(?:[A-Za-z0-9+/=\s]|\\[nrt]){0,20000}/.exec(reach)?.[0] ?? '';
  return { span: { start: begin.start, end: begin.end + cut.trimEnd().length }, body: cut };
}

function isKeyBody(label: Label, body: string): boolean {
  if (/\.\.\.|…|<(?!br\b)[a-z]|\$\{|\{\{|xxxx|\*\*\*/i.test(body)) return false;
  const compact = compactBase64(body);
  const least = label.kind === 'pem' || label.kind === 'openvpn' ? 60 : 100;
  return compact.length >= least && new Set(compact.slice(0, 400)).size >= 12;
}

/** Without headers, escapes, quotes and white space. */
function compactBase64(body: string): string {
  return body
    .replace(/\\+[nrt]/g, '\n')
    .replace(/^[ \t>|#*"']*[A-Za-z-]+: .*$/gm, '')
    .replace(/[^A-Za-z0-9+/=]/g, '');
}

function hasPassphrase(kind: string, body: string): boolean {
  if (/Proc-Type:\s?4,\s?ENCRYPTED/.test(body)) return true;
  const compact = compactBase64(body);
  if (kind === 'openssh') return !opensshCipherIsNone(compact);
  if (kind === 'pem') return compact.includes('BgkqhkiG9w0BBQ0');
  return false;
}

/** `openssh-key-v1\0`, then the name of the cipher with its length. */
function opensshCipherIsNone(compact: string): boolean {
  const head = Buffer.from(compact.slice(0, 64), 'base64').toString('latin1');
  return (
    head.startsWith('openssh-key-v1\0\0\0\0\u0004none') || !head.startsWith('openssh-key-v1\0')
  );
}
