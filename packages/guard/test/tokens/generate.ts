import { ALPHABETS, type AlphabetName } from '../../src/tokens/alphabet-letters.ts';
import { bech32Of, crc36Of, crc62Of } from '../../src/tokens/checksums.ts';
import type { ContextKind, TokenKind } from '../../src/tokens/kind.ts';
import type { Random } from './random.ts';

/** A token as its issuer would make it: random body, right checksum. */
export function generateToken(kind: TokenKind, random: Random): string {
  const special = SPECIAL[kind.id];
  if (special !== undefined) return special(random, random.pick(kind.marks));
  const mark = random.pick(kind.marks);
  const token = fromShape(kind.before, random) + mark + fromShape(kind.shape, random);
  return withChecksum(kind, token, mark);
}

/** The value of an assignment for a kind known by its context. */
export function generateContextToken(kind: ContextKind, random: Random): string {
  return fromShape(random.pick(kind.shapes), random);
}

export function fromShape(shape: string, random: Random): string {
  if (shape === '') return '';
  return shape
    .split(' ')
    .map((word) => {
      const run = /^([A-Za-z0-9]+)\{(\d+)(?:,(\d+))?\}$/.exec(word);
      if (run === null) return word;
      const [, name = '', min = '0', max = min] = run;
      if (name === 'eq') return '';
      const length = Number(min) + random.next(Number(max) - Number(min) + 1);
      const drawn = random.text(ALPHABETS[name as AlphabetName], length);
      // Full stops at an end are prose, and padding in the middle nobody writes.
      return drawn.replace(/^[.=_~-]|[.=_~-]$/g, 'k').replaceAll('=', 'm');
    })
    .join('');
}

function withChecksum(kind: TokenKind, token: string, mark: string): string {
  const body = token.slice(mark.length);
  switch (kind.checksum) {
    case 'github':
    case 'npm':
    case 'polar':
      return token.slice(0, -6) + crc62Of(body.slice(0, -6));
    case 'gitlabRoutable':
      return token.slice(0, -7) + crc36Of(token.slice(0, -7));
    case 'bech32': {
      const data = body.slice(0, -6).toLowerCase();
      const prefix = mark.slice(0, -1).toLowerCase();
      return mark + data.toUpperCase() + bech32Of(prefix, data).toUpperCase();
    }
    default:
      return token;
  }
}

type Special = (random: Random, mark: string) => string;

const SPECIAL: Readonly<Record<string, Special>> = {
  jwt: (random) => jwt(random, { sub: random.text(ALPHABETS.b62, 12), exp: 4102444800 }),
  'discord-bot': (random) => {
    const id = `${1 + random.next(9)}${random.text(ALPHABETS.dig, 17)}`;
    const [head, middle, tail] = [
      Buffer.from(id).toString('base64url'),
      `G${random.text(ALPHABETS.b62, 5)}`,
      random.text(ALPHABETS.b62, 38),
    ];
    return `${head}.${middle}.${tail}`;
  },
  'twitter-bearer': (random, mark) =>
    `${mark}${random.text(ALPHABETS.b62, 30)}%3D${random.text(ALPHABETS.b62, 50)}`,
  'azure-sas-url': (random) =>
    `?sv=2022-11-02&se=2099-01-01T00%3A00%3A00Z&sr=b&sig=${random.text(ALPHABETS.b62, 43)}%3D`,
  'slack-client-cookie': (random, mark) => `${mark}${random.text(ALPHABETS.b62, 120)}%3D%3D`,
};

export function jwt(random: Random, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${random.text(ALPHABETS.b64u, 42)}k`;
}
