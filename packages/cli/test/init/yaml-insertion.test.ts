import { parseYamlStream } from '@tidelock/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf, insertBehind, rootOf, yamlText } from '../../src/init/yaml-insertion.ts';

const inserted = (text: string) => insertBehind(text, entryOf(rootOf(text), 'list'), ['- new']);

describe('an element behind a list', () => {
  it.each([
    ['list:\n  - a\n', 'list:\n  - a\n  - new\n'],
    ['list:\n- a', 'list:\n- a\n- new\n'],
    ['list:\n  - a # why\n\n# end\nb: 1\n', 'list:\n  - a # why\n  - new\n\n# end\nb: 1\n'],
    ['list:\n  - |\n    text\n\nb: 1\n', 'list:\n  - |\n    text\n  - new\n\nb: 1\n'],
    ['list:\r\n  - a: 1\r\n    b: 2\r\n', 'list:\r\n  - a: 1\r\n    b: 2\r\n  - new\r\n'],
  ])('%j', (before, after) => {
    expect(inserted(before)).toBe(after);
  });

  it.each(['list: [a]\n', 'list: []\n', 'list:\n', 'other: 1\n', 'list: {\n'])(
    'is left to a person in %j',
    (text) => {
      expect(inserted(text)).toBeNull();
    },
  );
});

describe('a text as a scalar', () => {
  it('reads back as it is, behind a key and in a list', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        fc.pre(!/[\ud800-\udfff\ufeff\ufffe\uffff]/.test(text));
        const root = parseYamlStream(`k: ${yamlText(text)}\n`).documents[0]?.root;
        expect(entryOf(root, 'k')).toMatchObject({ kind: 'scalar', value: text });
      }),
    );
  });
});
