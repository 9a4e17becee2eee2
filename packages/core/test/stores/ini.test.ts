import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comment, Document, Entry, Item, MapNode } from '../../src/document/document.ts';
import { mapOf, stringLeaf } from '../../src/document/document.ts';
import { TidelockError } from '../../src/errors.ts';
import { iniStore } from '../../src/stores/ini.ts';
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
const parse = (text: string): Document => iniStore.parse(bytesOf(text));
const emit = (document: Document): string => textOfBytes(iniStore.emit(document));
const canonical = (document: Document): string => textOfBytes(iniStore.emitCanonical(document));
const rootOf = (document: Document): MapNode => document.branches[0] ?? { kind: 'map', items: [] };
const COMMENT = TOKEN.replace('type:str', 'type:comment');

/** `{section: {key: value}}` as pairs, comments as `['#', text]`. */
function sections(document: Document): unknown[] {
  return rootOf(document).items.map((item) => {
    if (item.kind === 'comment') return ['#', item.text];
    if (item.value.kind !== 'map') return [item.key];
    return [item.key, ...item.value.items.map((it) => pairOf(it))];
  });
}

function pairOf(item: Item): unknown[] {
  if (item.kind === 'comment') return ['#', item.text];
  return [
    item.key,
    item.value.kind === 'leaf' && item.value.scalar.type === 'str' ? item.value.scalar.value : null,
  ];
}

/** Every value and comment becomes a token, and every one comes back. */
function roundTrip(plain: string): { encrypted: string; back: string } {
  const document = parse(plain);
  const kept: Item[] = [];
  let count = 0;
  const change = (item: Item): Item => {
    if (item.kind === 'entry' && item.value.kind === 'map') {
      return { ...item, value: { ...item.value, items: item.value.items.map(change) } };
    }
    kept.push(item);
    const mark = `A${count++}`;
    if (item.kind === 'comment')
      return item.text === '' ? item : { ...item, text: COMMENT.replace('AAAA', mark) };
    if (pairOf(item)[1] === '') return item;
    return { ...item, value: stringLeaf(TOKEN.replace('AAAA', mark)) };
  };
  const secret: MapNode = { kind: 'map', items: rootOf(document).items.map(change) };
  const encrypted = emit(withBranch(document, secret, sopsBlock()));
  const again = parse(encrypted);
  expect(sections(again)).toEqual(sections({ ...document, branches: [secret] }));
  expect(again.block && plainTree(again.block)).toEqual(plainTree(sopsBlock()));
  let at = 0;
  const restore = (item: Item): Item => {
    if (item.kind === 'entry' && item.value.kind === 'map') {
      return { ...item, value: { ...item.value, items: item.value.items.map(restore) } };
    }
    const was = kept[at++];
    if (item.kind === 'comment') return { ...item, text: (was as Comment).text };
    return { ...item, value: (was as Entry).value };
  };
  const opened: MapNode = { kind: 'map', items: rootOf(again).items.map(restore) };
  return { encrypted, back: emit(withBranch(again, opened, null)) };
}

describe('files of the real sops', () => {
  test.each(['simple.enc.ini', 'shamir.enc.ini'])('%s', (name) => {
    const document = iniStore.parse(vector(name));
    expect(document.block).not.toBeNull();
    expect(emit(document)).toBe(textOfBytes(vector(name)));
    expect(canonical(document)).toBe(textOfBytes(vector(name)));
  });

  test.each(['simple', 'shamir'])('%s plain', (name) => {
    const document = iniStore.parse(vector(`${name}.ini`));
    expect(emit(document)).toBe(textOfBytes(vector(`${name}.ini`)));
    expect(canonical(document)).toBe(textOfBytes(vector(`${name}.dec.ini`)));
  });
});

describe('parse', () => {
  test.each<[string, unknown[]]>([
    [
      'a = "x"\nb = \'y\'\nc = "x\nd=x"\ne="x"y\nf="x" "y"\ng=""\nh="\nj=\'"x"\'\n',
      [
        ['a', 'x'],
        ['b', 'y'],
        ['c', '"x'],
        ['d', 'x"'],
        ['e', '"x"y'],
        ['f', '"x" "y"'],
        ['g', ''],
        ['h', '"'],
        ['j', '"x"'],
      ],
    ],
    [
      'a = `x`\nc = `x\nd=`\nf = x`y`\n',
      [
        ['a', 'x'],
        ['c', 'x\nd='],
        ['f', 'x`y`'],
      ],
    ],
    [
      'a = """"x""""\nb = """"""\nc = """x"y"""\nd = """x\n\n# y\n"""\n',
      [
        ['a', '"x"'],
        ['b', ''],
        ['c', 'x"y'],
        ['d', 'x\n\n# y\n'],
      ],
    ],
    [
      'a = `x` ; `c`\nb = ``x``\n',
      [
        ['a', 'x` ; `c'],
        ['b', '`x`'],
      ],
    ],
    [
      'a = x \\\n  y\nb = x\\\n\nc = \\\n"q"\nd = x # c \\\ne\n',
      [
        ['a', 'x y'],
        ['b', 'x'],
        ['c', '"q"'],
        ['d', 'x # c e'],
      ],
    ],
    [
      'a = x # c\nb = x;c\nc = #c\n',
      [
        ['a', 'x'],
        ['#', 'c'],
        ['b', 'x'],
        ['#', 'c'],
        ['c', ''],
        ['#', 'c'],
      ],
    ],
    [
      'e = "a#b"\n',
      [
        ['e', '"a'],
        ['#', 'b"'],
      ],
    ],
    [
      '"a b" = 1\n"a=b" = 2\n`a:b`=3\n"""a"b""" = 4\na : b=c\n',
      [
        ['a b', '1'],
        ['a=b', '2'],
        ['a:b', '3'],
        ['a"b', '4'],
        ['a', 'b=c'],
      ],
    ],
    [
      '-=1\n- = 2\n',
      [
        ['#1', '1'],
        ['#2', '2'],
      ],
    ],
    [
      '#  c1  \n;c2\n\n   # c3  \na=1 #  c4 \n',
      [
        ['a', '1'],
        ['#', 'c1  \n;c2\n# c3  \n#  c4'],
      ],
    ],
    [
      'a=\u00a0x\u00a0\r\n\u0085b\t=\t1\n',
      [
        ['a', 'x'],
        ['b', '1'],
      ],
    ],
    [
      '\ufeffa=1\nb=\ufeff\n',
      [
        ['a', '1'],
        ['b', '\ufeff'],
      ],
    ],
    [
      'a=1\na=2\nb=3\n',
      [
        ['a', '2'],
        ['b', '3'],
      ],
    ],
    [
      '__proto__=1\nconstructor=2\n10=3\n2=4\n',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
        ['10', '3'],
        ['2', '4'],
      ],
    ],
  ])('%j', (text, expected) => {
    expect(sections(parse(text))).toEqual([['DEFAULT', ...expected]]);
  });

  test('sections repeat, and comments belong to what follows', () => {
    expect(sections(parse('a=1\n# s\n[s] ; t\nb=1\n# u\n[ t ]\n[s]\nc=2\n# end\n'))).toEqual([
      ['DEFAULT', ['a', '1']],
      ['s', ['#', 's\n; t'], ['b', '1']],
      [' t ', ['#', 'u']],
      ['s', ['c', '2']],
      ['#', 'end'],
    ]);
  });

  test.each([
    ['a\n', 'ERR_PARSE'],
    ['=1\n', 'ERR_PARSE'],
    ['"" = 1\n', 'ERR_PARSE'],
    ['"a = 1\n', 'ERR_PARSE'],
    ['a = `x\n', 'ERR_PARSE'],
    ['a = """x" # c\n', 'ERR_PARSE'],
    ['[]\n', 'ERR_PARSE'],
    ['[s\n', 'ERR_PARSE'],
    ['[s] x\n', 'ERR_PARSE'],
    ['a = `x` tail\n', 'ERR_PARSE'],
    ['[sops]\na=1\n[sops]\nb=1\n', 'ERR_METADATA'],
    ['[sops]\na=1\na=2\n', 'ERR_METADATA'],
    ['[sops]\na__list_999999999=1\n', 'ERR_METADATA'],
  ])('refuses %j', (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('in place and back', () => {
  test.each([
    ['a = "x"\nb=\'y\'\nc : `z`\nd = """1\n2"""\n', 'a = "T"\nb=\'T\'\nc : `T`\nd = """T"""\n'],
    ['a = x # c\r\n[s]\r\nb = y;d\r\n', 'a = T # C\r\n[s]\r\nb = T;C\r\n'],
    ['# 1\n; 2\n\na = x\n', '# C\n\na = T\n'],
    ['# 1\n\n  ; 2\na = x  # 3\n', '# C\n\n  \f\na = T  \f\n'],
    ['  ; 1\n  # 2\n[s] # 3\n', '  ; C\n  \f\n[s] \f\n'],
    ['a = 1\n; 2\n; 3\n', 'a = T\n; C\n'],
    ['a = `x` ; y', 'a = `T` ; C'],
    ['a = 1\n  [s] #  n \nb = 1', 'a = T\n#  C\n  [s] \f \nb = T'],
    ['e = "a#b"\nf = \'a;b\'\n', 'e = T#C\nf = T;C\n'],
    ['-=1\n[t]\n- = 2', '-=T\n[t]\n- = T'],
    ['\ufeffa=1', '\ufeffa=T'],
    ['a = \nb =\n', 'a = \nb =\n'],
    ['', ''],
    ['\n\n', '\n\n'],
    ['a = x\r\nb = y', 'a = T\r\nb = T'],
    ['a = x\n\n\n', 'a = T\n\n\n'],
  ])('%j', (plain, shape) => {
    const { encrypted, back } = roundTrip(plain);
    const data = encrypted.slice(0, encrypted.indexOf('[sops]'));
    const tokens = data.replace(/ENC\[[^\]]*comment\]/g, 'C').replace(/ENC\[[^\]]*\]/g, 'T');
    const newline = plain.includes('\r\n') ? '\r\n' : '\n';
    const gap = plain === '' ? '' : plain.endsWith('\n') ? newline : newline + newline;
    expect(tokens).toBe(shape + gap);
    expect(back).toBe(plain);
  });

  test('a continued value becomes one line', () => {
    expect(roundTrip('k = multi \\\n  line\n').back).toBe('k = multi line\n');
    expect(roundTrip('k = x\\\n\na = 1\n').back).toBe('k = x\n\na = 1\n');
  });

  test('a repeated key is not encrypted, since its first value would stay or go', () => {
    const document = parse('[s]\na=1\na=2\n[t]\na=1\n');
    expect(() => emit({ ...document, block: sopsBlock() })).toThrow(
      expect.objectContaining({ code: 'ERR_EMIT', position: { line: 3, column: 1 } }),
    );
    expect(emit(document)).toBe('[s]\na=1\na=2\n[t]\na=1\n');
    expect(canonical(document)).toBe('[s]\na = 2\n\n[t]\na = 1\n');
  });
});

describe('edits', () => {
  const edited = (text: string, change: (items: readonly Item[]) => readonly Item[]): string => {
    const document = parse(text);
    return emit(withBranch(document, { kind: 'map', items: change(rootOf(document).items) }));
  };
  const entry = (key: string, value: string): Entry => ({
    kind: 'entry',
    key,
    value: stringLeaf(value),
  });
  const inSection =
    (index: number, change: (items: readonly Item[]) => readonly Item[]) =>
    (items: readonly Item[]) =>
      items.map((item, i) =>
        i === index && item.kind === 'entry' && item.value.kind === 'map'
          ? { ...item, value: { ...item.value, items: change(item.value.items) } }
          : item,
      );
  const block = '\n[sops]\nversion = 3.13.3\n';

  test.each<[string, (items: readonly Item[]) => readonly Item[], string]>([
    [
      `[s]\nlong = 1\nb    = 2\n${block}`,
      inSection(1, (all) => [...all, entry('c', 'x')]),
      `[s]\nlong = 1\nb    = 2\nc    = x\n${block}`,
    ],
    [`[s]\n# c\na=1\nb=2\n${block}`, inSection(1, (all) => all.slice(2)), `[s]\nb=2\n${block}`],
    [
      `[s]\na=1 ; c\nb=2\n${block}`,
      inSection(1, (all) => all.slice(0, 1).concat(all.slice(2))),
      `[s]\na=1 \nb=2\n${block}`,
    ],
    [
      `[s]\na=1\n${block}`,
      (all) => [...all, { kind: 'entry', key: 't', value: mapOf([['k', stringLeaf('v')]]) }],
      `[s]\na=1\n\n[t]\nk = v\n${block}`,
    ],
    [
      `[s]\na=1\n\n[t]\nb=2\n${block}`,
      (all) => all.filter((_, i) => i !== 1),
      `[t]\nb=2\n${block}`,
    ],
    [
      `[s]\na=1\n${block}`,
      inSection(0, () => [entry('top', 'x')]),
      `top = x\n\n[s]\na=1\n${block}`,
    ],
    [
      `[s]\na=1\n${block}`,
      inSection(1, (all) => [...all, { kind: 'comment', text: 'why\n# so', inline: false }]),
      `[s]\n; why\n# so\na=1\n${block}`,
    ],
    [
      '',
      (all) => [...all, { kind: 'entry', key: 't', value: mapOf([['k', stringLeaf('v')]]) }],
      '[t]\nk = v\n',
    ],
    ['a =\n', inSection(0, () => [entry('a', 'x')]), 'a = x\n'],
    ['a = x # c\n', inSection(0, (all) => [entry('a', 'y#z'), ...all.slice(1)]), 'a = `y#z` # c\n'],
    ['a = "x"\n', inSection(0, () => [entry('a', '"q"')]), 'a = \'"q"\'\n'],
    ['a = x\n', inSection(0, () => [entry('a', 'b\\')]), 'a = "b\\"\n'],
  ])('%#', (text, change, expected) => {
    const out = edited(text, change);
    expect(out).toBe(expected);
    const document = parse(text);
    expect(sections(parse(out))).toEqual(
      sections(withBranch(document, { kind: 'map', items: change(rootOf(document).items) })),
    );
  });

  test('the block changes line by line', () => {
    const encrypted = parse(emit({ ...parse('a=1'), block: sopsBlock(1) }));
    const more = emit({ ...encrypted, block: sopsBlock(2) });
    expect(parse(more).block).toMatchObject({ kind: 'map' });
    expect(plainTree(parse(more).block ?? mapOf([]))).toEqual(plainTree(sopsBlock(2)));
    expect(emit({ ...parse(more), block: sopsBlock(1) })).toBe(emit(encrypted));
    expect(more).toContain('\nmac                        = ENC[');
  });
});

describe('what INI cannot hold', () => {
  const written = (section: string, key: string, value: string): string =>
    canonical({
      format: 'ini',
      origin: null,
      block: null,
      branches: [mapOf([[section, mapOf([[key, stringLeaf(value)]])]])],
    });

  test.each([
    ['s', 'k', '`"""\n'],
    ['s', '-', 'x'],
    ['s', ' k', 'x'],
    ['s', '', 'x'],
    ['s', 'a\nb', 'x'],
    ['', 'k', 'x'],
    ['s\nt', 'k', 'x'],
    ['sops', 'k', 'x'],
  ])('%j %j %j', (section, key, value) => {
    let text: string;
    try {
      text = written(section, key, value);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_EMIT' });
      return;
    }
    expect(sections(parse(text))).toEqual([['DEFAULT'], [section, [key, value]]]);
  });

  test('values at the top, lists and maps', () => {
    const base = { format: 'ini', origin: null, block: null } as const;
    for (const branch of [
      mapOf([['a', stringLeaf('x')]]),
      mapOf([['s', mapOf([['a', mapOf([])]])]]),
    ]) {
      expect(() => iniStore.emitCanonical({ ...base, branches: [branch] })).toThrow(
        expect.objectContaining({ code: 'ERR_EMIT' }),
      );
    }
  });
});

test('comments are laid out as sops lays them out', () => {
  const comment = (text: string): Comment => ({ kind: 'comment', text, inline: false });
  const leaf = (key: string): Entry => ({ kind: 'entry', key, value: stringLeaf('x') });
  const items = [
    comment(' c1'),
    comment('in'),
    leaf('a'),
    comment(' c2'),
    comment(' c3  \n;c4'),
    leaf('b'),
  ];
  const section: Entry = { kind: 'entry', key: 's', value: { kind: 'map', items } };
  const text = canonical({
    format: 'ini',
    origin: null,
    block: null,
    branches: [{ kind: 'map', items: [section] }],
  });
  expect(text).toBe(';  c1\n[s]\n; c3\n; c4\na = x\nb = x\n');
});

describe('values', () => {
  test.each([
    [stringLeaf('"x"'), '"x"'],
    [{ kind: 'leaf', scalar: { type: 'int', value: 1n } } as const, '1'],
    [{ kind: 'list', elements: [stringLeaf('<x>')] } as const, '["\\u003cx\\u003e"]'],
  ])('%#', (value, expected) => {
    expect(textOfBytes(iniStore.emitValue(value))).toBe(expected);
  });
});

describe('properties', () => {
  const key = fc.oneof(fc.constantFrom('a', 'key', '__proto__', '10', 'a b', 'é'), oddText);

  test('a value reads back from whatever is written for it', () => {
    fc.assert(
      fc.property(key, oddText, fc.boolean(), (name, value, secret) => {
        const branch = mapOf([
          [
            's',
            mapOf([
              [name, stringLeaf(value)],
              ['z', stringLeaf('')],
            ]),
          ],
        ]);
        const block = secret ? sopsBlock() : null;
        let text: string;
        try {
          text = canonical({ format: 'ini', origin: null, block, branches: [branch] });
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_EMIT' });
          return;
        }
        const expected =
          name === 'z'
            ? [['z', '']]
            : [
                [name, value],
                ['z', ''],
              ];
        expect(sections(parse(text))).toEqual([['DEFAULT'], ['s', ...expected]]);
      }),
      { numRuns: 500 },
    );
  });

  const line = fc.oneof(
    fc.constantFrom(
      '',
      '  ',
      '[s]',
      '[t] ; note',
      '  # one',
      '; two',
      '#',
      'a = x',
      'b: "y" # in',
      "c='z'",
      'd = `q`;k',
      'e = """m\nn""" # o',
      'f =',
      'g = a;b',
      '"h i" = 1 ',
      '- = 5',
      '\ti\t=\tj\t',
    ),
    fc
      .tuple(fc.constantFrom('k', 'l', 'm', 'n'), oddText)
      .map(([name, text]) => `${name} = ${text.replaceAll('\n', ' ')}`),
  );
  const iniText = fc
    .tuple(fc.array(line, { maxLength: 10 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, newline, final]) => lines.join(newline) + (final ? newline : ''));

  const readable = (text: string): boolean => {
    try {
      const { layout } = parse(text).origin ?? {};
      return (layout as { repeated: unknown[] }).repeated.length === 0 && !/\\\s*(\n|$)/.test(text);
    } catch {
      return false;
    }
  };

  test('encrypting in place and back gives the same bytes', () => {
    let runs = 0;
    fc.assert(
      fc.property(iniText, (plain) => {
        if (!readable(plain)) return;
        runs++;
        expect(roundTrip(plain).back).toBe(plain);
      }),
      { numRuns: 500 },
    );
    expect(runs).toBeGreaterThan(50);
  });

  test('any text ends in a Document with the same bytes or a TidelockError', () => {
    const unit = fc.constantFrom(
      'a',
      '=',
      ':',
      '\n',
      '\r',
      '#',
      ';',
      '[',
      ']',
      'sops',
      '"',
      '`',
      '"""',
      "'",
      '\\',
      ' ',
      '-',
      '\f',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 24 }), (text) => {
        try {
          const document = parse(text);
          expect(emit(document)).toBe(text);
          canonical({ ...document, block: null });
        } catch (error) {
          expect(error).toBeInstanceOf(TidelockError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
