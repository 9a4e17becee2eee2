import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MapNode, Scalar } from '../../src/document/document.ts';
import { mapOf, stringLeaf } from '../../src/document/document.ts';
import { canonicalStream, SOPS_LAYOUT } from '../../src/yaml/canonical.ts';
import { readYaml } from '../../src/yaml/read.ts';
import { doubleQuoted, sopsDoubleQuoted, spellingOf } from '../../src/yaml/write-double.ts';
import { flowScalarText, scalarText } from '../../src/yaml/write-scalar.ts';
import { canonicalStyle, plainSafe } from '../../src/yaml/write-style.ts';

const PLACE = { parentColumn: 0, textColumn: 4, newline: '\n' } as const;
const text = (value: string): string => scalarText({ type: 'str', value }, PLACE);

/** What the real sops writes for each string. */
const STRINGS: readonly (readonly [string, string])[] = [
  ['', '""'],
  ['a', 'a'],
  [' lead', "' lead'"],
  ['trail ', "'trail '"],
  ['tab\there', '"tab\\there"'],
  ['a: b', "'a: b'"],
  ['x:', "'x:'"],
  ['- x', "'- x'"],
  ['-x', '-x'],
  ['?', "'?'"],
  ['#x', "'#x'"],
  ['x #', "'x #'"],
  ['x#', 'x#'],
  ['multi\n', '|\n    multi'],
  ['multi\n\n', '|+\n    multi\n'],
  ['\nlead', '|4-\n\n    lead'],
  ['x\ny', '|-\n    x\n    y'],
  ['x \ny', '"x \\ny"'],
  ['é\u0085', '"é\\N"'],
  ['😀 x', '"\\U0001F600 x"'],
  ['\ufeffx', '"\\uFEFF\\x78"'],
  ['x\ufeff', '"x\\uFEFF"'],
  ['0x1f', '"0x1f"'],
  ['2001-01-01', '"2001-01-01"'],
  ['null', '"null"'],
  ['<<', '!!merge <<'],
  ['=', '='],
  ['%x', "'%x'"],
  ["it's", "it's"],
  ["'a", "'''a'"],
  ['1_000', '"1_000"'],
  ['1:30', '"1:30"'],
  ['yes', '"yes"'],
  ['---', "'---'"],
  ['---x', "'---x'"],
  ['\r\n', '"\\r\\n"'],
  ['\u00a0', '\u00a0'],
  ['\n', '|4+\n'],
];

describe('scalarText', () => {
  it.each(STRINGS)('writes %j as sops does', (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  it('differs from sops where sops loses the value', () => {
    expect(text('\ta\nb')).toBe('"\\ta\\nb"');
    expect(text('a\u2028b')).toBe('"a\\Lb"');
    expect(scalarText({ type: 'float', value: -0 }, PLACE)).toBe('-0.0');
    const inList = { ...PLACE, parentColumn: 2 };
    expect(scalarText({ type: 'str', value: ' x\ny' }, inList)).toBe('|2-\n     x\n    y');
  });

  it.each<[Scalar, string]>([
    [{ type: 'int', value: -7n }, '-7'],
    [{ type: 'float', value: 1e21 }, '1e+21'],
    [{ type: 'float', value: Number.NaN }, '.nan'],
    [{ type: 'bool', value: true }, 'true'],
    [{ type: 'time', value: '2001-12-14T00:00:00Z' }, '2001-12-14T00:00:00Z'],
    [{ type: 'null' }, 'null'],
    [{ type: 'str', value: new Uint8Array([255]) }, '!!binary /w=='],
  ])('writes %o', (scalar, expected) => {
    expect(scalarText(scalar, PLACE)).toBe(expected);
  });

  it('breaks long bytes into lines of 70', () => {
    const long = scalarText({ type: 'str', value: new Uint8Array(60).fill(255) }, PLACE);
    expect(long.split('\n').map((line) => line.length)).toEqual([10, 74, 14]);
  });
});

/** Characters of every class that styles care about. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(' ', '\n', '\t', '#', ':', '-', '?', '[', '{', ',', "'", '"', '\\', '&', '*'),
      fc.constantFrom('\r', '\0', '\u0085', '\u2028', '\ufeff', '\u00a0', 'é', '😀', '1', 'x', '.'),
      fc.constantFrom('null', 'yes', '<<', '0x', '---', '...', '%', '@', '`', '!', '|', '>', '~'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

function reread(source: string): MapNode | undefined {
  return readYaml(source).branches[0];
}

function only(source: string): unknown {
  const item = reread(source)?.items[0];
  if (item?.kind !== 'entry' || item.value.kind !== 'leaf') return undefined;
  return item.value.scalar.type === 'str' ? item.value.scalar.value : item.value.scalar;
}

describe('every string comes back', () => {
  it('as sops writes it, as key and as value, at any depth', () => {
    fc.assert(
      fc.property(anyText, anyText, (key, value) => {
        const leaf = stringLeaf(value);
        const list = {
          kind: 'list',
          elements: [leaf, { kind: 'list', elements: [leaf] }],
        } as const;
        const tree = mapOf([
          [`k${key}`, leaf],
          ['list', list],
          ['map', mapOf([[key, mapOf([['k', leaf]])]])],
        ]);
        const branch = reread(canonicalStream([tree], SOPS_LAYOUT));
        expect(strip(branch)).toEqual(tree);
      }),
      { numRuns: 500 },
    );
  });

  it('in double quotes of every spelling', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 12 }), (value, spelling) => {
        expect(only(`k: ${doubleQuoted(value, spelling)}`)).toBe(value);
        expect(only(`k: ${sopsDoubleQuoted(value)}`)).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('plain wherever it is called safe, and in flow style', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        if (plainSafe(value, false)) expect(only(`k: ${value}`)).toBe(value);
        if (plainSafe(value, true)) expect(only(`{k: ${value}, b: 1}`)).toBe(value);
        expect(only(`{k: ${flowScalarText({ type: 'str', value })}, b: 1}`)).toBe(value);
      }),
      { numRuns: 500 },
    );
  });
});

/** The tree without its places in the text. */
function strip(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value) => (key === 'syntax' ? undefined : value)));
}

describe('spellingOf', () => {
  it.each(['"caf\\u00e9"', '"caf\\xE9"', '"\\U0001F600"', '"\\u001b"', '"\\x1B"', '"a\tb"', '"é"'])(
    'knows how %s was spelled',
    (written) => {
      const value = String(only(`k: ${written}`));
      expect(doubleQuoted(value, spellingOf(value, written))).toBe(written);
    },
  );

  it('falls back to ours', () => {
    expect(spellingOf('a', '"\\x61"')).toBe(0);
  });
});

describe('canonicalStyle', () => {
  it('chooses a literal for several lines only where it holds them', () => {
    expect(canonicalStyle('a\nb')).toBe('literal');
    expect(canonicalStyle('a\nb ')).toBe('double');
    expect(canonicalStyle('a\n\u0007')).toBe('double');
  });
});
