import { expect, test } from 'vitest';
import { show } from './show-tree.ts';

/** SOPS-FORMAT 1.6; every row was seen from the real sops. */
const PLAIN: readonly (readonly [string, string])[] = [
  ['0x1F 0X1f_0 +0x1F -0x1F 0x_1', 'int 31, int 496, int 31, int -31, int 1'],
  ['0o17 0O17 017 0_17 -017 0o-7', 'int 15, int 15, int 15, int 15, int -15, int -7'],
  ['0b11 0B11 -0b11 0b-1 0b+1', 'int 3, int 3, int -3, int -1, int 1'],
  ['1_000 1_ -_1 -0 +1 00', 'int 1000, int 1, int -1, int 0, int 1, int 0'],
  ['0o8 0b12 0xG 0x _1 1,000', '"0o8", "0b12", "0xG", "0x", "_1", "1,000"'],
  ['08 09 0_9 0129', 'float 8, float 9, float 9, float 129'],
  ['9223372036854775807', 'int 9223372036854775807'],
  ['-9223372036854775808', 'int -9223372036854775808'],
  ['18446744073709551616', 'float 18446744073709552000'],
  ['-9223372036854775809', 'float -9223372036854776000'],
  ['0x10000000000000000', '"0x10000000000000000"'],
  ['+9223372036854775808', 'float 9223372036854776000'],
  [
    '1.0 1. .5 -.5 +.5 1e3 1E+3',
    'float 1, float 1, float 0.5, float -0.5, float 0.5, float 1000, float 1000',
  ],
  ['1_0.5 5_.5 1._5 .1_ ._5', 'float 10.5, float 5.5, float 1.5, ".1_", "._5"'],
  ['-0.0 1e21 1.5e-10 1e-400 1e400', 'float -0, float 1e+21, float 1.5e-10, float 0, "1e400"'],
  [
    '.inf -.INF +.Inf .nan .NAN',
    'float Infinity, float -Infinity, float Infinity, float NaN, float NaN',
  ],
  ['inf nan +.nan .iNF 0x1p3', '"inf", "nan", "+.nan", ".iNF", "0x1p3"'],
  [
    'true True TRUE false False FALSE',
    'bool true, bool true, bool true, bool false, bool false, bool false',
  ],
  ['yes no on off y n tRUE', '"yes", "no", "on", "off", "y", "n", "tRUE"'],
  ['~ null Null NULL nULL none', 'null, null, null, null, "nULL", "none"'],
  ['1:30 190:20:30 1.2.3 = <<', '"1:30", "190:20:30", "1.2.3", "=", "<<"'],
  ['2001-12-14 2001-1-1', 'time 2001-12-14T00:00:00Z, time 2001-01-01T00:00:00Z'],
  ['2001-12-14T21:59:43.10-05:00', 'time 2001-12-14T21:59:43.1-05:00'],
  [
    '2001-12-14t21:59:43Z 2001-12-14T1:2:3Z',
    'time 2001-12-14T21:59:43Z, time 2001-12-14T01:02:03Z',
  ],
  ['2001-12-14T21:59:43,5Z', 'time 2001-12-14T21:59:43.5Z'],
  [
    '2001-12-14T21:59:43+05:60 2001-12-14T21:59:43-00:00',
    'time 2001-12-14T21:59:43+06:00, time 2001-12-14T21:59:43Z',
  ],
  ['2001-2-29 2000-2-29 2001-13-1', '"2001-2-29", time 2000-02-29T00:00:00Z, "2001-13-1"'],
  [
    '2001-12-14T21:59:43 2001-12-14t21:59:43z 2001-12-14T24:00:00Z',
    '"2001-12-14T21:59:43", "2001-12-14t21:59:43z", "2001-12-14T24:00:00Z"',
  ],
];

test.each(PLAIN)('plain scalars %s are typed as sops types them', (words, expected) => {
  // Block style, since a comma is text there.
  const text = `l:\n${words
    .split(' ')
    .map((word) => `- ${word}\n`)
    .join('')}`;
  expect(show(text)).toBe(`{l: [${expected}]}`);
});

const SPACED: readonly (readonly [string, string])[] = [
  ['2001-12-14 21:59:43.5', 'time 2001-12-14T21:59:43.5Z'],
  ['2001-12-14  21:59:43', 'time 2001-12-14T21:59:43Z'],
  ['2001-12-14 21:59:43Z', '"2001-12-14 21:59:43Z"'],
  ['2001-12-14 21:59:43.10 -5', '"2001-12-14 21:59:43.10 -5"'],
  ['1 000', '"1 000"'],
  ['', 'null'],
];

test.each(SPACED)('the plain scalar "%s" is typed as sops types it', (value, expected) => {
  expect(show(`a: ${value}\n`)).toBe(`{a: ${expected}}`);
});

const TAGGED: readonly (readonly [string, string])[] = [
  ['!!str 5', '"5"'],
  ['!!str', '""'],
  ['!!str ~', '"~"'],
  ['!!int "5"', 'int 5'],
  ['!!int "017"', 'int 15'],
  ['!!float 3', 'float 3'],
  ['!!float "0x1F"', 'float 31'],
  ['!!bool "true"', 'bool true'],
  ['!!null ""', 'null'],
  ['!!timestamp "2001-12-14"', 'time 2001-12-14T00:00:00Z'],
  ['!!binary aGVsbG8=', '"hello"'],
  ['!!binary /w==', 'bytes ff'],
  ['!!binary |\n  aGVs\n  bG8=', '"hello"'],
  ['!foo 5', '"5"'],
  ['!!foo 5', '"5"'],
  ['!<x> 5', '"5"'],
  ['!<tag:yaml.org,2002:int> "5"', 'int 5'],
  ['! 5', 'int 5'],
  ['! "5"', '"5"'],
  ['!!map x', '"x"'],
  ['!!int {b: 1}', '{b: int 1}'],
  ['!!set {x, y}', '{x: null, y: null}'],
];

test.each(TAGGED)('the tagged scalar "%s" is typed as sops types it', (value, expected) => {
  expect(show(`a: ${value}\n`)).toBe(`{a: ${expected}}`);
});

const QUOTED: readonly (readonly [string, string])[] = [
  [
    String.raw`"\x41\u00e9\U0001F600\N\_\L\P\e\ \0\a\b\t\n\v\f\r\"\'\\"`,
    JSON.stringify('A\u00e9\u{1F600}\x85\xa0\u2028\u2029\x1b \0\x07\b\t\n\v\f\r"\'\\'),
  ],
  ['"x\n  y"', '"x y"'],
  ['"x\n\n  y"', '"x\\ny"'],
  ['"x \\\n  y"', '"x y"'],
  ['"x\\\n\n  y"', '"x\\ny"'],
  ["'it''s\n  ok'", '"it\'s ok"'],
  ['p\n  q\n\n  r', '"p q\\nr"'],
  ['|\n  x\n   y\n\n', '"x\\n y\\n"'],
  ['|-\n  x\n\n', '"x"'],
  ['|+\n  x\n\n', '"x\\n\\n"'],
  ['|\n\n  x\n', '"\\nx\\n"'],
  ['>\n  x\n  y\n\n  z\n   w\n  v\n', '"x y\\nz\\n w\\nv\\n"'],
  ['|2\n   x\n', '" x\\n"'],
  ['>-2\n   x\n', '" x"'],
  ['|', '""'],
  ['|+', '""'],
];

test.each(QUOTED)('the text of %j is folded, unescaped and chomped', (value, expected) => {
  expect(show(`a: ${value}`)).toBe(`{a: ${expected}}`);
});
