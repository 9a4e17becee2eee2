import fc from 'fast-check';

const KEY = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('a', 'b', 'password', 'data', 'x_unencrypted', 'é', 'name'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      '10',
      '2',
      'toString',
      '',
      'a:b',
      'with space',
    ),
  },
);
const TEXT = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom(
    '',
    'yes',
    '1',
    '\n',
    'a\nb',
    '\\n',
    '"',
    "'",
    '</script>',
    '&',
    '\t',
    '\u2028',
    '😀',
  ),
);

/** JSON objects with duplicate keys, odd keys and numbers, in several layouts. */
export function jsonTexts(): fc.Arbitrary<string> {
  const { value } = fc.letrec<{ value: string; object: string; list: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(
        TEXT.map((text) => JSON.stringify(text)),
        fc.integer().map(String),
        fc.constantFrom('true', 'false', 'null', '0.5', '-1.25', '9223372036854775807', '{}', '[]'),
      ),
      tie('object'),
      tie('list'),
    ),
    object: members(tie('value')),
    list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  }));
  return fc
    .tuple(members(value), fc.constantFrom('', '\n', '\r\n'))
    .map(([object, end]) => object + end);
}

function members(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const layout = fc.constantFrom(
    ['{', ': ', ', ', '}'],
    ['{', ':', ',', '}'],
    ['{\n  ', ': ', ',\n  ', '\n}'],
    ['{\n\t', ' : ', ',\n\t', '\n}'],
  );
  return fc
    .tuple(fc.array(fc.tuple(KEY, value), { maxLength: 4 }), layout)
    .map(([pairs, [open = '', colon = '', comma = '', close = '']]) =>
      pairs.length === 0
        ? '{}'
        : open + pairs.map(([key, text]) => JSON.stringify(key) + colon + text).join(comma) + close,
    );
}

/** dotenv files with comments, blank lines, `export`, odd spacing, with or without final newline. */
export function dotenvTexts(newline: '\n' | '\r\n' = '\n'): fc.Arbitrary<string> {
  const line = fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(
          fc.constantFrom('A', 'B_C', 'export D', '  E', 'F ', 'é', '__proto__'),
          TEXT.map((text) => text.replace(/[\r\n\u0000]/g, '')),
        )
        .map(([key, text]) => `${key}=${text}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('# comment', '#', '#A=1', ...(newline === '\n' ? [''] : [])),
    },
  );
  return fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('', newline))
    .map(([lines, end]) => lines.join(newline) + end)
    .filter((text) => text.includes('='));
}

const INI_COMMENTS = ['; a comment', '# another'];
/** sops encrypts these, and panics when it decrypts what it wrote. */
export const INI_BOXES = [';\n; in a box\n;', '###\n# another\n###', '#\n#\n; text'];

/** INI files with sections, comments and values that survive INI's own rules. */
export function iniTexts(comments: readonly string[] = INI_COMMENTS): fc.Arbitrary<string> {
  const value = fc.constantFrom(
    'x',
    'some words',
    '1',
    'true',
    'a/b=c',
    '"quoted"',
    "'single'",
    '`a#b`',
    '',
    'é',
    'p@ss!word',
  );
  const entry = fc
    .tuple(
      fc.constantFrom('a', 'b', 'key name', '__proto__', 'C'),
      value,
      fc.constantFrom('=', ' = ', ': '),
    )
    .map(([key, text, sign]) => `${key}${sign}${text}`);
  const section = fc.tuple(
    fc.option(fc.constantFrom(...comments), { freq: 3 }),
    fc.constantFrom('sec', 'sec two', 'é', '__proto__', 'x.y'),
    fc.uniqueArray(entry, {
      minLength: 1,
      maxLength: 4,
      selector: (text) => text.split(/[=:]/)[0]?.trim(),
    }),
    fc.boolean(),
  );
  return fc
    .tuple(
      fc.uniqueArray(section, { minLength: 1, maxLength: 3, selector: ([, name]) => name }),
      fc.constantFrom('', '\n'),
    )
    .map(
      ([sections, end]) =>
        sections
          .map(
            ([comment, name, entries, blank]) =>
              `${comment === null ? '' : `${comment}\n`}[${name}]\n${blank ? '\n' : ''}${entries.join('\n')}`,
          )
          .join('\n\n') + end,
    );
}
