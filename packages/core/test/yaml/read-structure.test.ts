import { expect, test } from 'vitest';
import { failure, show } from './show-tree.ts';

const ACCEPTED: readonly (readonly [string, string])[] = [
  ['', ''],
  ['{}', '{}'],
  ['---\n', '{}'],
  ['---\n---\n', '{} --- {}'],
  ['null', '{}'],
  ['\ufeffa: b', '{a: "b"}'],
  ['  a: 1\n  b: 2\n', '{a: int 1, b: int 2}'],
  ['a: 1\r\nb: 2\r\n', '{a: int 1, b: int 2}'],
  ['a: 1\rb: 2\r', '{a: int 1, b: int 2}'],
  ['a:\t1', '{a: int 1}'],
  ['a: [\n\tb]', '{a: ["b"]}'],
  ['a:\n- b\n- c\nd: 1', '{a: ["b", "c"], d: int 1}'],
  ['a:\n- - b\n  - c: 1\n    d: 2\n', '{a: [["b", {c: int 1, d: int 2}]]}'],
  ['a:\n-\n- \n', '{a: [null, null]}'],
  ['? a\n: b', '{a: "b"}'],
  ['? a\n? b\n: - c', '{a: null, b: ["c"]}'],
  ['? |\n  x\n: 1', '{x\n: int 1}'],
  ['a:\n|\n text\n', '{a: "text\\n"}'],
  ['a: [b: c, d]', '{a: [{b: "c"}, "d"]}'],
  ['a: {b: , c, "d":1, e: [x,],}', '{a: {b: null, c: null, d: int 1, e: ["x"]}}'],
  ['a: {b:1, ? c : d}', '{a: {b:1: null, c: "d"}}'],
  ['a: [-, -b]', '{a: ["-", "-b"]}'],
  ['a: [x :y, z:, w]', '{a: ["x :y", "z:", "w"]}'],
  ['--- {a: b}', '{a: "b"}'],
  ['---a: b', '{---a: "b"}'],
  ['a: b\n...\n---\nc: d', '{a: "b"} --- {c: "d"}'],
  ['%YAML 1.1\n---\na: b', '{a: "b"}'],
  ['%TAG !e! tag:yaml.org,2002:\n---\na: !e!int "5"', '{a: int 5}'],
  ['&k a: 1\nb: *k', '{a: int 1, b: "a"}'],
  ['a: &k\nb: *k', '{a: null, b: null}'],
  ['a: &k\n  &j b: 1\nc: *j', '{a: {b: int 1}, c: "b"}'],
  ['a: &k y\n*k : 2', '{a: "y", y: int 2}'],
  ['a: &k 1\nb: &k 2\nc: *k', '{a: int 1, b: int 2, c: int 2}'],
  ['a: &k 1\n---\nb: *k', '{a: int 1} --- {b: int 1}'],
  ['x: &b {y: 1}\n<<: *b', '{x: {y: int 1}, <<: {y: int 1}}'],
  ['"<<": 5', '{<<: int 5}'],
  ['a: 1\n---\nb: 1\nb: 2', '{a: int 1} --- {b: int 1, b: int 2}'],
  [
    '__proto__: 1\nconstructor: 2\n"10": 3\n"2": 4',
    '{__proto__: int 1, constructor: int 2, 10: int 3, 2: int 4}',
  ],
  [`${'k'.repeat(1024)}: 1`, `{${'k'.repeat(1024)}: int 1}`],
];

test.each(ACCEPTED)('%j is read', (source, expected) => {
  expect(show(source)).toBe(expected);
});

const REFUSED: readonly (readonly [string, string])[] = [
  ['\ta: 1', 'ERR_PARSE 1:1'],
  ['a: 1\n\t\nb: 2', 'ERR_PARSE 2:1'],
  ['a:\n\tb', 'ERR_PARSE 2:1'],
  ['-\ta', 'ERR_PARSE 1:2'],
  ['%YAML 1.2\n---\na: 1', 'ERR_PARSE 1:7'],
  ['%FOO\n---\na: 1', 'ERR_PARSE 1:5'],
  ['%YAML 1.1\na: 1', 'ERR_PARSE 2:1'],
  ['a: b\n...\nc: d', 'ERR_PARSE 3:1'],
  ['...', 'ERR_PARSE 1:1'],
  ['--- a: b', 'ERR_PARSE 1:6'],
  ['a: b: c', 'ERR_PARSE 1:5'],
  ['a: - b', 'ERR_PARSE 1:4'],
  ['a\nb: c', 'ERR_PARSE 2:2'],
  [': b', 'ERR_PARSE 1:1'],
  ['a: "b', 'ERR_PARSE 1:4'],
  ['a: "\n---\n"', 'ERR_PARSE 1:4'],
  ['a: "\\q"', 'ERR_PARSE 1:5'],
  ['a: "\\/"', 'ERR_PARSE 1:5'],
  ['a: [b', 'ERR_PARSE 1:6'],
  ['a: [,]', 'ERR_PARSE 1:5'],
  ['a: [b?c]', 'ERR_PARSE 1:6'],
  ['{"a"\n: 1}', 'ERR_PARSE 2:1'],
  ['a:\n    b: 1\n  c: 2', 'ERR_PARSE 3:3'],
  ['a: "1"\n b: 2', 'ERR_PARSE 2:2'],
  ['a: @b', 'ERR_PARSE 1:4'],
  ['a: |0\n x', 'ERR_PARSE 1:5'],
  ['a: *x', 'ERR_PARSE 1:4'],
  ['a: &x [*x]', 'ERR_PARSE 1:8'],
  ['a: &x &y 1', 'ERR_PARSE 1:7'],
  ['a: !e!foo b', 'ERR_PARSE 1:4'],
  ['a: \u0001', 'ERR_PARSE 1:4'],
  ['a: 1\na: 2', 'ERR_PARSE 2:1'],
  ['a: [{b: 1, "b": 2}]', 'ERR_PARSE 1:12'],
  ['<<: 5', 'ERR_PARSE 1:1'],
  ['<<: [1]', 'ERR_PARSE 1:1'],
  ['[a]: 1', 'ERR_PARSE 1:1'],
  ['- a', 'ERR_PARSE 1:1'],
  ['just text', 'ERR_PARSE 1:1'],
  ['a: 1\n---\n- b', 'ERR_PARSE 3:1'],
  ['1: a', 'ERR_NON_STRING_KEY 1:1'],
  ['true: a', 'ERR_NON_STRING_KEY 1:1'],
  ['a:\n  ~: b', 'ERR_NON_STRING_KEY 2:3'],
  ['a: 1\n---\n2001-01-01: b', 'ERR_NON_STRING_KEY 3:1'],
  ['a: 9223372036854775808', 'ERR_NUMBER_RANGE 1:4'],
  ['a: 0xFFFFFFFFFFFFFFFF', 'ERR_NUMBER_RANGE 1:4'],
  ['a: !!int foo', 'ERR_PARSE 1:10'],
  ['a: !!binary "?"', 'ERR_PARSE 1:13'],
  [`${'k'.repeat(1025)}: 1`, 'ERR_PARSE 1:1026'],
  [`a: ${'['.repeat(1100)}`, 'ERR_TOO_DEEP 1:1003'],
];

test.each(REFUSED)('%j is refused', (source, expected) => {
  expect(failure(source)).toBe(expected);
});

test('a document without any content has no branch', () => {
  for (const text of ['', '\n', '# only\n', '\ufeff']) expect(show(text)).toBe('');
});

test('aliases that expand without end are refused', () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++) {
    lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
  }
  expect(failure(lines.join('\n'))).toMatch(/^ERR_TOO_LARGE/);
});

test('aliases that nest without end are refused', () => {
  const lines = Array.from(
    { length: 40 },
    (_, i) => `k${i}: &a${i} ${'['.repeat(50)}${i === 0 ? 'x' : `*a${i - 1}`}${']'.repeat(50)}`,
  );
  expect(failure(lines.join('\n'))).toMatch(/^ERR_TOO_DEEP/);
});

test('nesting up to the limit is read', () => {
  expect(failure(`a: ${'['.repeat(999)}${']'.repeat(999)}`)).toBe(null);
  expect(failure(`a:\n ${'- '.repeat(998)}x`)).toBe(null);
});

test('a text that would take too much memory is refused', () => {
  expect(failure(`a: ${'x'.repeat(64 * 1024 * 1024)}`)).toBe('ERR_TOO_LARGE');
  expect(failure('#\n'.repeat(2_000_001))).toBe('ERR_TOO_LARGE 2000001:1');
});
