import { describe, expect, it } from 'vitest';
import { detectTokens } from '../../src/tokens/detect.ts';
import { CONTEXT_KINDS } from '../../src/tokens/kinds/context.ts';
import { TOKEN_KINDS } from '../../src/tokens/kinds.ts';
import { generateContextToken, generateToken } from './generate.ts';
import { Random } from './random.ts';
import { SURROUNDINGS, surround } from './surroundings.ts';

const ids = (level: string) =>
  new Set(TOKEN_KINDS.filter((k) => k.level === level).map((k) => k.id));

describe('the table', () => {
  it('knows at least 150 kinds by their marks', () => {
    expect(new Set(TOKEN_KINDS.map((kind) => kind.id)).size).toBeGreaterThanOrEqual(150);
  });

  it.each(TOKEN_KINDS.map((kind, i) => [kind.id, i, kind] as const))(
    'finds %s (row %i) wherever it stands',
    (_, row, kind) => {
      const random = new Random(row);
      const word = kind.words[0] ?? 'service';
      const expected = { live: 'error', test: 'warning', public: 'note', id: 'note' }[kind.level];
      const missed: string[] = [];
      for (let round = 0; round < 5; round++) {
        for (const surrounding of SURROUNDINGS) {
          if (kind.words.length > 0 && !surrounding.includes('WORD')) continue;
          const token = generateToken(kind, random);
          const text = surround(surrounding, token, word);
          const found = detectTokens(text).some(
            (hit) =>
              (hit.severity === expected || (kind.level === 'id' && hit.severity === 'warning')) &&
              (kind.id === 'azure-sas-url' || hit.end - hit.start >= token.length * 0.6),
          );
          if (!found) missed.push(surrounding);
        }
      }
      expect(missed.length, `in ${JSON.stringify([...new Set(missed)])}`).toBeLessThanOrEqual(5);
    },
  );
});

describe('kinds without a mark', () => {
  it.each(CONTEXT_KINDS.map((kind, i) => [kind.id, i, kind] as const))(
    'finds %s',
    (_, row, kind) => {
      const random = new Random(1000 + row);
      let missed = 0;
      for (let round = 0; round < 40; round++) {
        const value = generateContextToken(kind, random);
        const text = `${kind.words[0]?.toUpperCase()}_SECRET=${value}\n`;
        const hits = detectTokens(text);
        const expected = kind.level === 'live' ? 'error' : 'note';
        if (!hits.some((hit) => hit.severity === expected)) missed++;
      }
      expect(missed).toBeLessThanOrEqual(2);
    },
  );
});

describe('checksums', () => {
  it.each(
    TOKEN_KINDS.filter(
      (k) => k.checksum && k.checksum !== 'grafana' && k.checksum !== 'cloudflare',
    ),
  )('a wrong one lowers $id to a warning', (kind) => {
    const random = new Random(7);
    const token = generateToken(kind, random);
    const last = token.at(-1) === '4' ? '5' : '4';
    const broken =
      token.slice(0, -1) + (kind.checksum === 'bech32' ? (token.at(-1) === 'Q' ? 'P' : 'Q') : last);
    const [hit] = detectTokens(`a: ${broken}\n`);
    expect(hit?.severity).toBe('warning');
  });
});

describe('placeholders', () => {
  const bodies = (length: number): string[] => [
    'x'.repeat(length),
    'X'.repeat(length),
    '0'.repeat(length),
    'abcd'.repeat(length).slice(0, length),
    '1234567890'.repeat(length).slice(0, length),
    'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(4).slice(0, length),
    'EXAMPLE'.padStart(length, 'aB3dE6gH9'),
    'your'.padEnd(length, 'T0k3nG0esHere'),
  ];

  it('accuses at most 2 in 100', () => {
    let accused = 0;
    let all = 0;
    const random = new Random(3);
    for (const kind of TOKEN_KINDS) {
      const shape = /^[A-Za-z0-9]+\{(\d+)/.exec(kind.shape);
      if (shape === null || kind.before !== '') continue;
      for (const body of bodies(Number(shape[1]))) {
        all++;
        const token = (kind.marks[0] ?? '') + body;
        const text = `${kind.words[0] ?? 'service'}: ${token}\n`;
        if (detectTokens(text).some((hit) => hit.severity === 'error')) accused++;
      }
    }
    expect(random.next(2)).toBeLessThan(2);
    expect(accused / all).toBeLessThanOrEqual(0.02);
  });
});

it('finds nothing in ciphertext that it is told to skip', () => {
  const token = generateToken(TOKEN_KINDS[0] ?? fail(), new Random(1));
  expect(detectTokens(token, { skip: [{ start: 0, end: token.length }] })).toEqual([]);
});

function fail(): never {
  throw new Error('the table is empty');
}

it('gives each level its kinds', () => {
  expect(ids('live').size).toBeGreaterThan(140);
});
