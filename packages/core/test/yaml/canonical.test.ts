import { describe, expect, it } from 'vitest';
import type { Comment, ListNode, MapNode } from '../../src/document/document.ts';
import { mapOf, stringLeaf } from '../../src/document/document.ts';
import { canonicalStream, effectiveIndent, SOPS_LAYOUT } from '../../src/yaml/canonical.ts';

const s = stringLeaf;
const comment = (text: string, inline = false): Comment => ({ kind: 'comment', text, inline });
const list = (...elements: ListNode['elements']): ListNode => ({ kind: 'list', elements });
const map = (...items: MapNode['items']): MapNode => ({ kind: 'map', items });
const entry = (key: string, value: MapNode | ListNode | ReturnType<typeof s>) =>
  ({ kind: 'entry', key, value }) as const;
const write = (root: MapNode, indent = 4): string =>
  canonicalStream([root], { ...SOPS_LAYOUT, indent });

describe('canonicalStream', () => {
  it('puts nested blocks at the next multiple of the width', () => {
    const root = mapOf([
      [
        'list',
        list(
          list(s('x'), s('y')),
          mapOf([
            ['b', s('c')],
            ['d', s('t\n')],
            ['e', list(s('z'))],
          ]),
        ),
      ],
    ]);
    expect(write(root)).toBe(
      'list:\n    - - x\n      - "y"\n    - b: c\n      d: |\n        t\n      e:\n        - z\n',
    );
    expect(write(root, 2)).toBe(
      'list:\n  - - x\n    - "y"\n  - b: c\n    d: |\n      t\n    e:\n      - z\n',
    );
  });

  it('writes keys of several lines, and long ones, with a question mark', () => {
    const long = 'k'.repeat(129);
    const root = mapOf([
      ['a\nb', mapOf([['c', s('d')]])],
      [long, list(s('x'))],
      ['k'.repeat(128), s('short enough')],
      ['c \nd', s('double')],
    ]);
    expect(write(root)).toBe(
      `? |-\n    a\n    b\n:   c: d\n? ${long}\n:   - x\n${'k'.repeat(128)}: short enough\n? "c \\nd"\n: double\n`,
    );
  });

  it('writes a merge key only where it can be read', () => {
    expect(write(mapOf([['<<', mapOf([['a', s('b')]])]]))).toBe('!!merge <<:\n    a: b\n');
    expect(write(mapOf([['<<', s('x')]]))).toBe('"<<": x\n');
  });

  it('places comments before, behind and after', () => {
    const root = map(
      comment(' head'),
      comment(' inline', true),
      entry('a', s('x\ny')),
      comment(' above the block', true),
      entry('b', map(comment(' first'), entry('c', s('d')), comment(' foot'))),
      comment(' end'),
    );
    expect(write(root)).toBe(
      '# head\na: |- # inline\n    x\n    y\n# above the block\nb:\n    # first\n    c: d\n    # foot\n# end\n',
    );
  });

  it('writes a list comment that is a token as an element, any other as a comment', () => {
    const token = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:comment]';
    const root = mapOf([['l', list(comment(token), s('a'), comment(' plain'), s('b'))]]);
    expect(write(root)).toBe(`l:\n    - ${token}\n    - a\n    # plain\n    - b\n`);
  });

  it('lifts comments at the beginning of an element above its dash', () => {
    const root = mapOf([['l', list(map(comment(' c'), entry('a', s('b'))))]]);
    expect(write(root)).toBe('l:\n    # c\n    - a: b\n');
  });

  it('keeps comments of what is otherwise empty', () => {
    expect(write(map(entry('a', map(comment(' c')))))).toBe('a: {\n    # c\n}\n');
    expect(write(map(comment(' only')))).toBe('# only\n{}\n');
  });

  it('lets no comment break out of its line', () => {
    expect(write(map(comment(' a\nb: 1\r\nc\u2028d\u0000'), entry('k', s('v'))))).toBe(
      '# a\n#b: 1\n#c\n#d\ufffd\nk: v\n',
    );
  });

  it('separates documents and writes empty ones', () => {
    const branches = [mapOf([['a', s('b')]]), mapOf([]), mapOf([['c', list()]])];
    expect(canonicalStream(branches, SOPS_LAYOUT)).toBe('a: b\n---\n{}\n---\nc: []\n');
  });
});

describe('effectiveIndent', () => {
  it.each([
    [undefined, 4],
    [0, 4],
    [1, 2],
    [2, 2],
    [9, 9],
    [10, 2],
  ])('%s means %i', (asked, width) => {
    expect(effectiveIndent(asked)).toBe(width);
  });

  it('refuses a negative one', () => {
    expect(() => effectiveIndent(-1)).toThrow(expect.objectContaining({ code: 'ERR_EMIT' }));
  });
});
