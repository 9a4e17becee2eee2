import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Document, Entry, MapNode, Value } from '../../src/document/document.ts';
import { entriesOf, findEntry, stringLeaf } from '../../src/document/document.ts';
import { TidelockError } from '../../src/errors.ts';
import { jsonStore } from '../../src/stores/json.ts';
import {
  bytesOf,
  oddKey,
  oddText,
  plainTree,
  restored,
  sopsBlock,
  TOKEN,
  textOfBytes,
  tokenized,
  withBranch,
} from './json-trees.ts';

const vector = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../../test/vectors/${name}`, import.meta.url));

const parse = (text: string): Document => jsonStore.parse(bytesOf(text));
const emit = (document: Document): string => textOfBytes(jsonStore.emit(document));
const rootOf = (document: Document): MapNode => document.branches[0] ?? { kind: 'map', items: [] };

function failure(text: string): TidelockError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof TidelockError) return error;
    throw error;
  }
  throw new Error('parsed');
}

describe('files of the real sops', () => {
  test.each(['simple.enc.json', 'shamir.enc.json', 'floats.enc.json', 'types.enc.json'])(
    '%s',
    (name) => {
      const document = jsonStore.parse(vector(name));
      expect(document.block).not.toBeNull();
      expect(textOfBytes(jsonStore.emit(document))).toBe(textOfBytes(vector(name)));
      expect(textOfBytes(jsonStore.emitCanonical(document))).toBe(textOfBytes(vector(name)));
    },
  );

  test.each(['simple', 'shamir', 'floats'])('%s plain', (name) => {
    const document = jsonStore.parse(vector(`${name}.json`));
    expect(textOfBytes(jsonStore.emit(document))).toBe(textOfBytes(vector(`${name}.json`)));
    expect(textOfBytes(jsonStore.emitCanonical(document))).toBe(
      textOfBytes(vector(`${name}.dec.json`)),
    );
  });
});

describe('parse', () => {
  test('types numbers as sops does', () => {
    const document = parse(
      '{"i":9223372036854775807,"f":9223372036854775808,"g":1.50,"z":-0,"n":-0.0}',
    );
    expect(plainTree(rootOf(document))).toEqual({
      map: [
        ['i', { int: '9223372036854775807' }],
        ['f', { float: 9223372036854776000 }],
        ['g', { float: 1.5 }],
        ['z', { int: '0' }],
        ['n', { float: '-0' }],
      ],
    });
  });

  test('decodes strings as Go does', () => {
    const document = parse('{"a":"\\ud83d\\ude00 \\ude00\\ud83d x\\/\\u0000"}');
    expect(plainTree(rootOf(document))).toEqual({ map: [['a', { str: '😀 \ufffd\ufffd x/\0' }]] });
  });

  test('spans cover key and value', () => {
    const text = ' { "k" : [ 1 , {"x":"y"} ] } ';
    const entry = entriesOf(rootOf(parse(text)))[0] as Entry;
    const at = (node: Value | Entry) => text.slice(node.syntax?.span.start, node.syntax?.span.end);
    expect([at(entry), at(entry.value)]).toEqual(['"k"', '[ 1 , {"x":"y"} ]']);
  });

  test.each([
    ['', 'ERR_PARSE'],
    ['  ', 'ERR_PARSE'],
    ['[]', 'ERR_PARSE'],
    ['"x"', 'ERR_PARSE'],
    ['{"a": ', 'ERR_PARSE'],
    ['{"a"', 'ERR_PARSE'],
    ['{"a":[1,', 'ERR_PARSE'],
    ['{"a":1}x', 'ERR_PARSE'],
    ['{"a":1}{"b":2}', 'ERR_PARSE'],
    ['{"a":1,}', 'ERR_PARSE'],
    ['{"a":01}', 'ERR_PARSE'],
    ['{"a":1.}', 'ERR_PARSE'],
    ['{"a":"\t"}', 'ERR_PARSE'],
    ['{"a":"\\x"}', 'ERR_PARSE'],
    ['{"a":"\\u12"}', 'ERR_PARSE'],
    ['{"a":nullx}', 'ERR_PARSE'],
    ['{\u00a0"a":1}', 'ERR_PARSE'],
    ['\ufeff{"a":1}', 'ERR_PARSE'],
    ['{"a":1e400}', 'ERR_NUMBER_RANGE'],
    ['{"sops":1}', 'ERR_METADATA'],
    ['{"sops":{},"a":1,"sops":{}}', 'ERR_METADATA'],
    [`{"a":${'['.repeat(1001)}${']'.repeat(1001)}}`, 'ERR_TOO_DEEP'],
    [`{"a":${'['.repeat(2_000_000)}`, 'ERR_TOO_DEEP'],
    [`{"a":[${'1,'.repeat(500_001)}1]}`, 'ERR_TOO_LARGE'],
  ])('refuses %.20s', (text, code) => {
    expect(failure(text).code).toBe(code);
  });

  test('says where, and repeats nothing of the file', () => {
    const error = failure('{\n  "a": hunter2\n}');
    expect(error.position).toEqual({ line: 2, column: 8 });
    expect(error.message).not.toContain('hunter2');
  });

  test('refuses what is not UTF-8', () => {
    expect(() => jsonStore.parse(Uint8Array.of(0x7b, 0x22, 0xff, 0x22))).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_UTF8' }),
    );
  });

  test('any text ends in a Document or a TidelockError', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '1',
      '-',
      '.',
      'e',
      'null',
      '\\',
      ' ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          expect(emit(parse(pieces.join('')))).toBe(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(TidelockError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the sops block', () => {
  const member = (unit: string): string => {
    const text = textOfBytes(
      jsonStore.emitCanonical({ format: 'json', branches: [], block: sopsBlock(), origin: null }),
    );
    return text.slice(2, -3).replaceAll('\t', unit);
  };

  test.each([
    ['{"a":1}', '{"a":1,\n@}', '\t'],
    ['{}', '{\n@}', '\t'],
    ['{\n}\n', '{\n@\n}\n', '\t'],
    ['{\n  "a": 1\n}\n', '{\n  "a": 1,\n@\n}\n', '  '],
    ['{\n\t"a": 1 , "b":2 }', '{\n\t"a": 1 , "b":2,\n@ }', '\t'],
  ])('goes into %j', (plain, expected, unit) => {
    const encrypted = emit({ ...parse(plain), block: sopsBlock() });
    expect(encrypted).toBe(expected.replace('@', member(unit)));
    expect(encrypted).toContain('"mac": "ENC[');
    expect(emit({ ...parse(encrypted), block: null })).toBe(plain);
  });

  test('has the line breaks of the file', () => {
    const encrypted = emit({ ...parse('{\r\n  "a": 1\r\n}\r\n'), block: sopsBlock() });
    expect(encrypted.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('changes where it changed, and stays where it stood', () => {
    const first = sopsBlock(1);
    const text = `{"sops":{"age":[{"enc":"e","recipient":"age10"}],"mac":"${TOKEN}","version":"3.13.3"},"a":1}`;
    const document = parse(text);
    const mac = { ...document, block: { ...first, items: first.items.slice(2) } };
    expect(emit(mac)).toBe('{"sops":{"mac":"#","version":"3.13.3"},"a":1}'.replace('#', TOKEN));
    const more = emit({
      ...parse(emit({ ...parse('{\n "a":1\n}'), block: first })),
      block: sopsBlock(2),
    });
    expect(more.split('\n').length).toBe(
      emit({ ...parse('{\n "a":1\n}'), block: first }).split('\n').length + 4,
    );
    expect(plainTree(parse(more).block ?? first)).toEqual(plainTree(sopsBlock(2)));
  });

  test('in compact style takes a new key before it', () => {
    const encrypted = parse(emit({ ...parse('{"a":1,"b":2}'), block: sopsBlock() }));
    const items = [
      ...rootOf(encrypted).items,
      { kind: 'entry', key: 'c', value: stringLeaf('x') } as const,
    ];
    const added = emit(withBranch(encrypted, { kind: 'map', items }));
    expect(added.startsWith('{"a":1,"b":2,"c":"x",\n')).toBe(true);
    expect(emit({ ...parse(added), block: null })).toBe('{"a":1,"b":2,"c":"x"}');
  });
});

describe('spelling', () => {
  test.each([
    '"\\u003ca\\u003e"',
    '"caf\\u00e9"',
    '"caf\\u00E9"',
    '"a\\/b"',
    '"\\u003c\\u00e9\\/"',
    '"<é/>"',
    '"\\u0001\\n"',
  ])('%s comes back from a token', (raw) => {
    const plain = `{"a": ${raw}}`;
    const document = parse(plain);
    const encrypted = emit(withBranch(document, tokenized(rootOf(document)), sopsBlock()));
    const token = parse(encrypted);
    expect(findEntry(rootOf(token), 'a')?.value).toMatchObject({
      scalar: { value: expect.stringMatching(/^ENC\[.*type:str\]$/) },
    });
    expect(emit(withBranch(token, restored(rootOf(token), rootOf(document)), null))).toBe(plain);
  });

  test('a changed float keeps what makes it one', () => {
    const document = parse('{"a":1.5}');
    const root: MapNode = {
      kind: 'map',
      items: [
        { kind: 'entry', key: 'a', value: { kind: 'leaf', scalar: { type: 'float', value: -0 } } },
      ],
    };
    expect(emit(withBranch(document, root))).toBe('{"a":-0.0}');
    const built = { ...withBranch(document, root), origin: null };
    expect(emit(built)).toBe('{\n\t"a": -0\n}\n');
    expect(emit({ ...built, block: sopsBlock() })).toContain('"a": -0.0,');
  });
});

describe('values', () => {
  test.each([
    ['"<x>"', '<x>'],
    ['1', '1'],
    ['{}', '{}\n'],
    ['[1,"<"]', '[\n\t1,\n\t"\\u003c"\n]'],
  ])('%s is printed as sops prints it', (json, expected) => {
    const value = findEntry(rootOf(parse(`{"a":${json}}`)), 'a')?.value as Value;
    expect(textOfBytes(jsonStore.emitValue(value))).toBe(expected);
  });

  test('what JSON cannot hold is an error', () => {
    for (const scalar of [
      { type: 'float', value: Number.NaN },
      { type: 'str', value: Uint8Array.of(0xff) },
    ] as const) {
      expect(() =>
        jsonStore.emitValue({ kind: 'list', elements: [{ kind: 'leaf', scalar }] }),
      ).toThrow(expect.objectContaining({ code: 'ERR_EMIT' }));
    }
  });

  test('indentation', () => {
    const document = parse('{"a":{"b":[]}}');
    expect(textOfBytes(jsonStore.emitCanonical(document, { indent: 2 }))).toBe(
      '{\n  "a": {\n    "b": []\n  }\n}\n',
    );
    expect(textOfBytes(jsonStore.emitCanonical(document, { indent: 0 }))).toBe(
      '{\n"a": {\n"b": []\n}\n}\n',
    );
  });
});

const jsonValue = fc.letrec<{ value: string }>((tie) => {
  const gap = fc.constantFrom('', ' ', '\n', '\n  ', '\t', '\r\n ');
  const member = fc
    .tuple(oddKey, gap, gap, tie('value'), gap)
    .map(([key, a, b, value, c]) => `${JSON.stringify(key)}${a}:${b}${value}${c}`);
  const joined = (open: string, item: fc.Arbitrary<string>, close: string) =>
    fc
      .tuple(gap, fc.array(item, { maxLength: 4 }))
      .map(([space, items]) => `${open}${space}${items.join(`,${space}`)}${close}`);
  return {
    value: fc.oneof(
      { depthSize: 'small' },
      oddText.map((text) => JSON.stringify(text)),
      fc.constantFrom('null', 'true', 'false', '0', '-12', '9007199254740993'),
      joined('{', member, '}'),
      joined('[', tie('value'), ']'),
    ),
  };
}).value;

const jsonText = fc
  .array(
    fc.tuple(
      oddKey.filter((key) => key !== 'sops'),
      jsonValue,
      fc.constantFrom('', ' ', '\n  ', '\n\t'),
    ),
    { maxLength: 5 },
  )
  .map(
    (members) =>
      `{${members.map(([key, value, gap]) => `${gap}${JSON.stringify(key)}: ${value}`).join(',')}\n}`,
  );

describe('properties', () => {
  test('encrypting in place and back gives the same bytes', () => {
    fc.assert(
      fc.property(jsonText, (plain) => {
        const document = parse(plain);
        const secret = tokenized(rootOf(document));
        const encrypted = emit(withBranch(document, secret, sopsBlock()));
        const again = parse(encrypted);
        expect(plainTree(rootOf(again))).toEqual(plainTree(secret));
        expect(plainTree(again.block ?? secret)).toEqual(plainTree(sopsBlock()));
        const back = restored(rootOf(again), rootOf(document));
        expect(emit(withBranch(again, back, null))).toBe(plain);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever is edited, the text reads back as the new tree', () => {
    fc.assert(
      fc.property(
        jsonText,
        jsonText,
        fc.infiniteStream(fc.nat(5)),
        fc.boolean(),
        (before, after, dice, secret) => {
          const document = secret
            ? parse(emit({ ...parse(before), block: sopsBlock() }))
            : parse(before);
          const next = shuffled(rootOf(document), rootOf(parse(after)), dice) as MapNode;
          for (const block of [document.block, null, sopsBlock(2)]) {
            const again = parse(emit(withBranch(document, next, block)));
            expect(plainTree(rootOf(again))).toEqual(plainTree(next));
            expect(again.block && plainTree(again.block)).toEqual(block && plainTree(block));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Drops, moves, replaces and inserts parts of `old`, taking new ones from `source`. */
function shuffled(old: Value, source: Value, dice: fc.Stream<number>): Value {
  const roll = (): number => dice.next().value ?? 0;
  if (roll() === 0 && old.kind !== 'map') return source;
  if (old.kind === 'map') {
    const fresh = source.kind === 'map' ? entriesOf(source) : [];
    const items = entriesOf(old).flatMap((entry, index) => {
      const die = roll();
      if (die === 0) return [];
      if (die === 1) return [fresh[index % (fresh.length || 1)] ?? entry, entry];
      if (die === 2) return [{ ...entry, value: shuffled(entry.value, source, dice) }];
      return [entry];
    });
    if (roll() === 0) items.reverse();
    if (roll() === 0) items.push(...fresh);
    return { ...old, items };
  }
  if (old.kind === 'list') {
    const elements = old.elements.flatMap((element) => {
      const die = roll();
      if (die === 0 || element.kind === 'comment') return [];
      if (die === 1) return [element, source];
      if (die === 2) return [shuffled(element, source, dice)];
      return [element];
    });
    return { ...old, elements };
  }
  return old;
}
