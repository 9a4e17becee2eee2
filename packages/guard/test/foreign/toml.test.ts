import { TidelockError } from '@tidelock/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseToml, type TomlNode, type TomlTable } from '../../src/foreign/toml.ts';

function plain(value: TomlNode['value']): unknown {
  if (value instanceof Map) return tablePlain(value);
  return Array.isArray(value)
    ? (value as readonly TomlNode[]).map((node) => plain(node.value))
    : value;
}

function tablePlain(table: TomlTable): unknown {
  return Object.fromEntries([...table].map(([key, node]) => [key, plain(node.value)]));
}

describe('parseToml', () => {
  it('reads what configurations of scanners are made of', () => {
    const text = [
      '# a comment',
      'title = "a \\"b\\" \\u00e9" # behind',
      "raw = '''(?i)\\bx{2}''' ",
      'long = """',
      'one \\',
      '   two"""',
      'n = 3.5',
      'hex = 0xff',
      'yes = true',
      'when = 2026-01-02',
      'a.b."c.d" = 1',
      'inline = { x = 1, y = [1, 2] }',
      '[[rules]]',
      "id = 'one'",
      'list = [',
      "  '''a''', # why",
      "  'b',",
      ']',
      '[rules.allowlist]',
      'paths = []',
      '[[rules]]',
      'id = "two"',
    ].join('\n');
    expect(tablePlain(parseToml(text))).toEqual({
      title: 'a "b" é',
      raw: '(?i)\\bx{2}',
      long: 'one two',
      n: 3.5,
      hex: 255,
      yes: true,
      when: '2026-01-02',
      a: { b: { 'c.d': 1 } },
      inline: { x: 1, y: [1, 2] },
      rules: [{ id: 'one', list: ['a', 'b'], allowlist: { paths: [] } }, { id: 'two' }],
    });
  });

  it.each([
    ['a = ', 1, 5],
    ['\na = "x', 2, 7],
    ['a = 1\na = 2', 2, 1],
    ['[a\n', 1, 3],
    ['x = 1 y = 2', 1, 6],
    ['a = [1', 1, 7],
    ['a = "\\q"', 1, 6],
    ['a = nonsense', 1, 5],
  ])('%j is refused at line %i, column %i', (text, line, column) => {
    expect(() => parseToml(text)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', position: { line, column } }),
    );
  });

  it('reads or refuses whatever it is given', () => {
    const pieces = ['[', ']', '[[', '=', '"', "'''", '\n', 'a', '.', '{', '}', ',', '1', '\\', '#'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        try {
          parseToml(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(TidelockError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses deep nesting and reads many tables', () => {
    expect(() => parseToml(`a = ${'['.repeat(100_000)}`)).toThrow('nested too deeply');
    const many = '[[rules]]\nid = "x"\n'.repeat(50_000);
    expect(parseToml(many).get('rules')?.value).toHaveLength(50_000);
    const wide = `a = [${'1,'.repeat(100_000)}]`;
    expect(parseToml(wide).get('a')?.value).toHaveLength(100_000);
  });
});
