import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ALPHABETS, type AlphabetName } from '../../src/tokens/alphabet-letters.ts';
import { TOKEN_KINDS } from '../../src/tokens/kinds.ts';
import { generateToken, jwt } from '../tokens/generate.ts';
import { Random } from '../tokens/random.ts';

export interface Filled {
  readonly text: string;
  /** What was put in, for tests that look for leaks. */
  readonly secrets: readonly string[];
}

/**
 * Puts generated secrets into the holes of an example: `@@password@@`, `@@random:40:b62@@`,
 * `@@github-pat-classic@@` and every other kind, `@@b64:…@@` around another. Equal holes of one
 * example get equal values; `#2` behind the name makes another. `@@vector:a.enc.yaml@@` is a file of the
 * test vectors, `@@opened:a.enc.yaml@@` one with readable values and no sops block, `@@plain:…@@` text in base64url that
 * a scan of this repository shall not take for what it is. Each variant has other secrets.
 */
export function fillHoles(text: string, name: string, variant = ''): Filled {
  const values = new Map<string, string>();
  const secrets: string[] = [];
  const filled = text.replace(/@@([a-zA-Z0-9:_#.-]+)@@/g, (_, hole: string) => {
    const known = values.get(hole);
    if (known !== undefined) return known;
    const made = textOf(hole) ?? make(hole, name + variant, secrets);
    values.set(hole, made);
    return made;
  });
  return { text: filled, secrets };
}

/** What is no secret, or null. */
function textOf(hole: string): string | null {
  const [what, rest = ''] = hole.split(/:(.*)/s);
  if (what === 'plain') return Buffer.from(rest, 'base64url').toString('utf8');
  if (what === 'vector') return readFileSync(new URL(rest, VECTORS), 'utf8');
  if (what !== 'opened') return null;
  const text = readFileSync(new URL(rest, VECTORS), 'utf8');
  return (text.split(/^sops:/m)[0] ?? '').replace(/ENC\[[^\]]*\]/g, 'in the clear');
}

const VECTORS = new URL('../../../../test/vectors/', import.meta.url);

function make(hole: string, name: string, secrets: string[]): string {
  if (hole.startsWith('b64:')) {
    const inner = make(hole.slice(4), name, secrets);
    const encoded = Buffer.from(inner).toString('base64');
    secrets.push(encoded);
    return encoded;
  }
  const seed = createHash('sha256').update(`${name}\0${hole}`).digest().readUInt32LE(0);
  const [plain = ''] = hole.split('#');
  const value = generate(plain, new Random(seed));
  secrets.push(value);
  return value;
}

function generate(hole: string, random: Random): string {
  const [what = '', length = '32', alphabet = 'b62'] = hole.split(':');
  switch (what) {
    case 'password':
      return `${random.text(ALPHABETS.b62, 11)}7%${random.text(ALPHABETS.al, 4)}`;
    case 'weak':
      return `${random.text('bcdfgklmnprst', 6)}${random.text(ALPHABETS.dig, 2)}`;
    case 'random':
      return random.text(ALPHABETS[alphabet as AlphabetName], Number(length));
    case 'uuid':
      return [8, 4, 4, 4, 12].map((n) => random.text(ALPHABETS.hex, n)).join('-');
    case 'jwt':
      return jwt(random, { sub: random.text(ALPHABETS.b62, 10), exp: 4102444800 });
    case 'login':
      return `user:${random.text(ALPHABETS.b62, 18)}`;
    case 'lines':
      return lines(random, Number(length));
    case 'openssh':
      return withLines(
        Buffer.concat([
          Buffer.from('openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01'),
          bytes(random, 180),
        ]),
      );
    case 'pem':
      return `-----BEGIN ${'PRIVATE'} KEY-----\n${lines(random, 6)}\n-----END ${'PRIVATE'} KEY-----\n`;
    default:
      return generateToken(kindOf(what), random);
  }
}

function kindOf(id: string) {
  const kind = TOKEN_KINDS.find((one) => one.id === id);
  if (kind === undefined) throw new Error(`no kind of token is called ${id}`);
  return kind;
}

function lines(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.text(ALPHABETS.b64, 64)).join('\n');
}

function bytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.next(256)));
}

function withLines(data: Buffer): string {
  return (data.toString('base64').match(/.{1,70}/g) ?? []).join('\n');
}
