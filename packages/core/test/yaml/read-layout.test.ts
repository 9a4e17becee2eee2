import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/yaml/read.ts';

const layoutOf = (text: string) => readYaml(text).layout;

describe('contentEnd is where a new last entry goes', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['a: 1\n', ['a: 1\n']],
    ['a: 1', ['a: 1']],
    ['a: 1\n\n\n', ['a: 1\n']],
    ['a: 1\n# c\n\n', ['a: 1\n# c\n']],
    ['a: 1\n...\n', ['a: 1\n']],
    ['a: 1\n# c\n---\nb: 2\n', ['a: 1\n# c\n', '---\nb: 2\n']],
    ['a: |+\n  x\n\n', ['a: |+\n  x\n\n']],
    ['a: |\n  x\n\n', ['a: |\n  x\n']],
    ['a: 1\r\nb: 2 # c\r\n\r\n', ['a: 1\r\nb: 2 # c\r\n']],
    ['a: "1"   \n', ['a: "1"   \n']],
    ['---\n', ['---\n']],
    ['--- # c\n', ['--- # c\n']],
    ['---\n---\na: 1\n', ['---\n', '---\na: 1\n']],
    ['{a: 1} # c\n', ['{a: 1} # c\n']],
  ];
  test.each(rows)('in %j', (text, expected) => {
    const { documents } = layoutOf(text);
    expect(documents.map(({ span, contentEnd }) => text.slice(span.start, contentEnd))).toEqual(
      expected,
    );
  });
});

test('the root is known by style, column and span', () => {
  expect(layoutOf('  a: 1\n').documents[0]).toMatchObject({ rootStyle: 'block', rootColumn: 2 });
  expect(layoutOf('{a: 1}\n').documents[0]).toMatchObject({
    rootStyle: 'flow',
    rootSpan: { start: 0, end: 6 },
  });
  expect(layoutOf('---\n').documents[0]).toMatchObject({
    rootStyle: 'absent',
    rootSpan: { start: 3, end: 3 },
  });
  expect(layoutOf('--- null\n').documents[0]).toMatchObject({
    rootStyle: 'absent',
    rootSpan: { start: 4, end: 8 },
  });
});

test('the sops block is whole lines in block style, the entry in flow style', () => {
  const text = 'a: 1\nsops:\n    mac: x # c\n    version: y\n\n# foot\n';
  const block = layoutOf(text).documents[0]?.blockSpan;
  expect(block && text.slice(block.start, block.end)).toBe(
    'sops:\n    mac: x # c\n    version: y\n',
  );
  const flow = '{a: 1, sops: {mac: x}}\n';
  const entry = layoutOf(flow).documents[0]?.blockSpan;
  expect(entry && flow.slice(entry.start, entry.end)).toBe('sops: {mac: x}');
  expect(layoutOf('a: 1\n').documents[0]?.blockSpan).toBe(null);
});

test('the line break that the file uses most is known', () => {
  expect(layoutOf('a: 1\r\nb: 2\r\nc: 3\n').newline).toBe('\r\n');
  expect(layoutOf('a: 1\n').newline).toBe('\n');
});
