import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comment, Document, Item, MapNode } from '../../src/document/document.ts';
import { mapOf, stringLeaf } from '../../src/document/document.ts';
import { TidelockError } from '../../src/errors.ts';
import { dotenvStore } from '../../src/stores/dotenv.ts';
import {
  bytesOf,
  oddText,
  plainTree,
  sopsBlock,
  TOKEN,
  textOfBytes,
  withBranch,
} from './json-trees.ts';

const vector = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../../test/vectors/${name}`, import.meta.url));
const parse = (text: string): Document => dotenvStore.parse(bytesOf(text));
const emit = (document: Document): string => textOfBytes(dotenvStore.emit(document));
const rootOf = (document: Document): MapNode => document.branches[0] ?? { kind: 'map', items: [] };
const tree = (document: Document): unknown => plainTree(rootOf(document), true);

describe('files of the real sops', () => {
  test.each(['simple.enc.env', 'shamir.enc.env', 'kms.sample.env'])('%s', (name) => {
    const document = dotenvStore.parse(vector(name));
    expect(document.block).not.toBeNull();
    expect(textOfBytes(dotenvStore.emit(document))).toBe(textOfBytes(vector(name)));
    expect(textOfBytes(dotenvStore.emitCanonical(document))).toBe(textOfBytes(vector(name)));
  });

  test.each(['simple', 'shamir'])('%s plain', (name) => {
    const document = dotenvStore.parse(vector(`${name}.env`));
    expect(textOfBytes(dotenvStore.emitCanonical(document))).toBe(
      textOfBytes(vector(`${name}.dec.env`)),
    );
  });
});

test('reads without quotes, trimming or escapes', () => {
  expect(tree(parse('#c\n\n  A = "x" \nexport B=a=b\r\nE=\n=x\nM=1\\n2\nE=2'))).toEqual({
    map: [
      { comment: 'c' },
      ['  A ', { str: ' "x" ' }],
      ['export B', { str: 'a=b\r' }],
      ['E', { str: '' }],
      ['', { str: 'x' }],
      ['M', { str: '1\n2' }],
      ['E', { str: '2' }],
    ],
  });
});

test.each([
  ['A\n', 'ERR_PARSE'],
  ['A=1\r\n\r\n', 'ERR_PARSE'],
  [' \n', 'ERR_PARSE'],
  ['sops_a__list_999999999=1\n', 'ERR_METADATA'],
  ['sops_version=1\nsops_version=1\n', 'ERR_METADATA'],
  ['sops_version=1\r\n', 'ERR_METADATA'],
])('refuses %j', (text, code) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
});

test('an incomplete block is a block', () => {
  expect(parse('A=1\nsops_x=1\n').block).toEqual(mapOf([['x', stringLeaf('1')]]));
  expect(parse('A=1\nsops=1\nsopsx=2\n').block).toBeNull();
});

test.each(['A=1\n', 'A=1', '', '\n', '\n\nA=1\n\n', '#c\r\nA=1\r\nB=2\r\n', 'A=1\r', '\ufeffA=1'])(
  'the block goes behind %j and comes off without a trace',
  (plain) => {
    const encrypted = emit({ ...parse(plain), block: sopsBlock() });
    expect(encrypted).toContain('\nsops_mac=ENC[');
    expect(encrypted.endsWith('\n')).toBe(plain === '' || plain.endsWith('\n'));
    expect(/sops_[^\n]*\r/.test(encrypted)).toBe(false);
    expect(emit({ ...parse(encrypted), block: null })).toBe(plain);
  },
);

test('a changed block changes its lines only', () => {
  const encrypted = parse(emit({ ...parse('A=1'), block: sopsBlock(1) }));
  const more = emit({ ...encrypted, block: sopsBlock(2) });
  expect(more).toBe(
    textOfBytes(dotenvStore.emitCanonical({ ...encrypted, block: sopsBlock(2) })).slice(0, -1),
  );
  expect(emit({ ...parse(more), block: sopsBlock(1) })).toBe(emit(encrypted));
});

test('other types are written as sops writes them', () => {
  const document: Document = {
    format: 'dotenv',
    origin: null,
    block: null,
    branches: [
      {
        kind: 'map',
        items: [
          { kind: 'comment', text: ' a\nb', inline: true },
          ...(
            [
              { type: 'float', value: 2 },
              { type: 'float', value: Infinity },
              { type: 'null' },
              { type: 'bool', value: true },
              { type: 'int', value: -5n },
              { type: 'time', value: '2001-12-14T00:00:00Z' },
            ] as const
          ).map(
            (scalar, i) =>
              ({ kind: 'entry', key: `K${i}`, value: { kind: 'leaf', scalar } }) as const,
          ),
        ],
      },
    ],
  };
  expect(textOfBytes(dotenvStore.emitCanonical(document))).toBe(
    '# a\n#b\nK0=2.0\nK1=+Inf\nK2=<nil>\nK3=true\nK4=-5\nK5=2001-12-14T00:00:00Z\n',
  );
});

describe('what a dotenv file cannot hold', () => {
  const written = (key: string, value: string, block: MapNode | null): string =>
    textOfBytes(
      dotenvStore.emitCanonical({
        format: 'dotenv',
        origin: null,
        block,
        branches: [mapOf([[key, stringLeaf(value)]])],
      }),
    );

  test.each(['#k', 'a=b', 'a\nb', 'sops_x'])('the key %j', (key) => {
    expect(() => written(key, 'x', null)).toThrow(expect.objectContaining({ code: 'ERR_EMIT' }));
  });

  test('a backslash before an n, under a MAC', () => {
    expect(written('A', 'C:\\new', null)).toBe('A=C:\\new\n');
    expect(() => written('A', 'C:\\new', sopsBlock())).toThrow(
      expect.objectContaining({ code: 'ERR_EMIT' }),
    );
  });

  test('lists, maps and several documents', () => {
    const branch = mapOf([['A', mapOf([])]]);
    const base = { format: 'dotenv', origin: null, block: null } as const;
    for (const branches of [[branch], [mapOf([]), mapOf([])]]) {
      expect(() => dotenvStore.emitCanonical({ ...base, branches })).toThrow(
        expect.objectContaining({ code: 'ERR_EMIT' }),
      );
    }
  });
});

const item = fc.oneof(
  fc.tuple(fc.constantFrom('A', 'B', '__proto__', 'constructor', '10', '2', 'é'), oddText).map(
    ([key, text]): Item => ({
      kind: 'entry',
      key,
      value: stringLeaf(text.replaceAll('\\', '/')),
    }),
  ),
  oddText.map(
    (text): Item => ({ kind: 'comment', text: text.replaceAll('\n', ' '), inline: false }),
  ),
);

const dotenvText = fc
  .tuple(fc.array(fc.oneof(item, fc.constant(null)), { maxLength: 8 }), fc.boolean())
  .map(([items, final]) => {
    const lines = items.map((it) =>
      it === null
        ? ''
        : textOfBytes(
            dotenvStore.emitCanonical({
              format: 'dotenv',
              origin: null,
              block: null,
              branches: [{ kind: 'map', items: [it] }],
            }),
          ).slice(0, -1),
    );
    return lines.join('\n') + (final ? '\n' : '');
  });

describe('properties', () => {
  test('encrypting in place and back gives the same bytes', () => {
    fc.assert(
      fc.property(dotenvText, (plain) => {
        const document = parse(plain);
        const { items } = rootOf(document);
        const secret = items.map((it, i): Item => {
          const token = TOKEN.replace('AAAA', `A${i}`);
          return it.kind === 'comment'
            ? { ...it, text: token }
            : { ...it, value: stringLeaf(token) };
        });
        const again = parse(
          emit(withBranch(document, { kind: 'map', items: secret }, sopsBlock())),
        );
        expect(tree(again)).toEqual(plainTree({ kind: 'map', items: secret }, true));
        const back = rootOf(again).items.map((it, i): Item => {
          const was = items[i];
          return it.kind === 'comment'
            ? { ...it, text: (was as Comment).text }
            : { ...it, value: was?.kind === 'entry' ? was.value : it.value };
        });
        expect(emit(withBranch(again, { kind: 'map', items: back }, null))).toBe(plain);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever is edited, the text reads back as the new tree', () => {
    fc.assert(
      fc.property(
        dotenvText,
        fc.array(item, { maxLength: 4 }),
        fc.array(fc.nat(4), { maxLength: 10 }),
        fc.boolean(),
        (plain, fresh, dice, secret) => {
          const document = secret
            ? parse(emit({ ...parse(plain), block: sopsBlock() }))
            : parse(plain);
          const items = rootOf(document).items.flatMap((it, i) => {
            const other = fresh[i % (fresh.length || 1)] ?? it;
            return [[it], [], [other], [it, other], [other, it]][dice[i] ?? 0] ?? [it];
          });
          if (dice[9] === 4) items.reverse();
          items.push(...fresh.slice(2));
          const next: MapNode = { kind: 'map', items };
          for (const block of [document.block, null, sopsBlock(3)]) {
            const again = parse(emit(withBranch(document, next, block)));
            expect(tree(again)).toEqual(plainTree(next, true));
            expect(again.block && plainTree(again.block)).toEqual(block && plainTree(block));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('any text ends in a Document with the same bytes or a TidelockError', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('A', '=', '\n', '\r', '#', '\\', 'n', 'sops_', '__list_', '0'),
        }),
        (text) => {
          try {
            expect(emit(parse(text))).toBe(text);
          } catch (error) {
            expect(error).toBeInstanceOf(TidelockError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
