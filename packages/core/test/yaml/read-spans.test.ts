import { describe, expect, test } from 'vitest';
import type { Entry, MapNode, Value } from '../../src/document/document.ts';
import { readYaml } from '../../src/yaml/read.ts';
import type { YamlCommentSyntax, YamlKeySyntax, YamlSyntax } from '../../src/yaml/syntax.ts';

function firstEntry(text: string): Entry {
  const entry = readYaml(text).branches[0]?.items.find((item) => item.kind === 'entry');
  if (entry === undefined) throw new Error('no entry');
  return entry;
}

const syntaxOf = (value: Value) => value.syntax as YamlSyntax;
const slice = (text: string, { start, end }: { start: number; end: number }) =>
  text.slice(start, end);

describe('the span of a value', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['a: plain text # c\n', 'plain', 'plain text'],
    ['a: more\n  lines\nb: 1\n', 'plain', 'more\n  lines'],
    ['a: "x" # c\n', 'double', '"x"'],
    ["a: 'x''y'\n", 'single', "'x''y'"],
    ['a: | # c\n  x\n\n  y\n\nb: 1\n', 'literal', '| # c\n  x\n\n  y\n'],
    ['a: |+\n  x\n\nb: 1\n', 'literal', '|+\n  x\n\n'],
    ['a: >-2\n   x\n', 'folded', '>-2\n   x\n'],
    ['a: |\nb: 1\n', 'literal', '|\n'],
    ['a: {b: 1} # c\n', 'flow', '{b: 1}'],
    ['a: [] # c\n', 'flow', '[]'],
    ['a:\n  b: 1 # c\n  d: 2\n\ne: 1\n', 'block', 'b: 1 # c\n  d: 2'],
    ['a:\n- b\n- c\n', 'block', '- b\n- c'],
    ['a:\n  - b\n  -\nc: 1\n', 'block', '- b\n  -'],
    ['a:\nb: 1\n', 'absent', ''],
    ['a: !!str &x "y"\n', 'double', '"y"'],
  ];
  test.each(rows)('in %j is of style %s', (text, style, expected) => {
    const syntax = syntaxOf(firstEntry(text).value);
    expect(syntax.style).toBe(style);
    expect(slice(text, syntax.span)).toBe(expected);
  });

  test('leaves out tag and anchor, which outerStart points to', () => {
    const text = 'a: !!str &x "y"\nb: &z\n  c: 1\n';
    const [first, second] = readYaml(text).branches[0]?.items ?? [];
    const tagged = syntaxOf((first as Entry).value);
    expect(tagged).toMatchObject({ tag: '!!str', anchor: 'x', outerStart: 3 });
    const map = syntaxOf((second as Entry).value);
    expect(map).toMatchObject({ anchor: 'z', column: 2, parentColumn: 0 });
    expect(text.slice(map.outerStart)).toBe('&z\n  c: 1\n');
  });

  test('of an absent value is where the value would stand', () => {
    expect(syntaxOf(firstEntry('a:\nb: 1').value).span).toEqual({ start: 2, end: 2 });
    expect(syntaxOf(firstEntry('a: &x\nb: 1').value).span).toEqual({ start: 5, end: 5 });
  });
});

test('a block scalar knows its header, chomping and indentation', () => {
  const text = 'a: |+2 # c\n    x\n';
  const { block } = syntaxOf(firstEntry(text).value);
  expect(block).toMatchObject({ chomping: 'keep', indicator: 2, indent: 2 });
  expect(block && slice(text, block.header)).toBe('|+2 # c');
});

test('a key knows where its entry begins, its colon and its column', () => {
  const text = '  ? &x "k"\n  : v\n';
  const key = firstEntry(text).syntax as YamlKeySyntax;
  expect(key).toMatchObject({ entryStart: 2, colon: 13, column: 2 });
  expect(slice(text, key.span)).toBe('"k"');
  expect(firstEntry('{a, b: 1}').syntax).toMatchObject({ colon: null });
});

test('a comment is its text with the #, without the line break', () => {
  const text = 'a: 1 # c\r\n';
  const [comment] = readYaml(text).branches[0]?.items ?? [];
  const syntax = comment?.syntax as YamlCommentSyntax;
  expect(syntax.column).toBe(5);
  expect(slice(text, syntax.span)).toBe('# c');
});

test('nodes inside an expanded alias have no syntax of their own', () => {
  const [, use] = readYaml('a: &x {b: [1]}\nc: *x\n').branches[0]?.items ?? [];
  const value = (use as Entry).value as MapNode;
  expect(value.syntax).toMatchObject({ style: 'alias' });
  const inner = value.items[0] as Entry;
  expect(inner.syntax).toBeUndefined();
  expect(inner.value.syntax).toBeUndefined();
});

test('flow context is known', () => {
  const map = firstEntry('a: {b: 1}').value as MapNode;
  expect(syntaxOf(map).inFlow).toBe(false);
  expect(syntaxOf((map.items[0] as Entry).value).inFlow).toBe(true);
});
