import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../src/config/regex.ts';

const PIECE = fc.constantFrom(
  'a',
  'b',
  'K',
  's',
  '.',
  '\\.',
  '.*',
  '[a-c]',
  '[^b]',
  '[[:alpha:]]',
  '\\d',
  '\\w+',
  '\\s',
  '^',
  '$',
  '\\b',
  '\\z',
  '(a|b)',
  '(?i)',
  '(?i:ab)',
  '(?:b|cd)?',
  'a+',
  'b{2}',
  'a{1,3}',
  '(?P<n>a)',
  '-',
  '/',
  'é',
  '😀',
  '|',
  '[_-]',
  '(',
  ')',
  '*',
  '\\A',
  '[a-k]',
  '{',
  '(?-i)',
);
const TEXT = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    'c',
    'A',
    'B',
    'K',
    'k',
    's',
    'S',
    '\u212a',
    '\u017f',
    '.',
    '-',
    '/',
    '_',
    '1',
    ' ',
    '\n',
    '\r',
    '\v',
    'é',
    'É',
    '😀',
  ),
  maxLength: 12,
});

describe('compileRegex', () => {
  it('agrees with RE2 on every pattern and text, errors included', () => {
    fc.assert(
      fc.property(
        fc.array(PIECE, { maxLength: 7 }),
        fc.array(TEXT, { minLength: 1, maxLength: 5 }),
        (pieces, texts) => {
          const pattern = pieces.join('');
          let oracle: RE2JS;
          try {
            oracle = RE2JS.compile(pattern);
          } catch {
            expect(() => compileRegex(pattern)).toThrow(
              expect.objectContaining({ code: 'ERR_REGEX' }),
            );
            return;
          }
          const matches = compileRegex(pattern);
          for (const text of texts)
            expect([pattern, text, matches(text)]).toEqual([
              pattern,
              text,
              oracle.matcher(text).find(),
            ]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['.*\\.enc\\.yaml$|secrets/.*', 'a/b.enc.yaml', true],
    ['.*\\.enc\\.yaml$|secrets/.*', 'a/b.enc.yaml.bak', false],
    ['^clusters/(prod|staging)/.*/secret.*\\.ya?ml$', 'clusters/prod/a/secret-b.yml', true],
    ['^(data|stringData)$', 'stringData', true],
    ['^(data|stringData)$', 'stringData\n', false],
    ['((?i)(pass|secret($|[^N])|ca|crt|key|token|^data$|^stringData$))', 'apiKEY', true],
    ['secret(?i)key', 'Secretkey', false],
    ['\\s', '\v', false],
    ['a.b', 'a\rb', true],
    ['a.b', 'a\nb', false],
  ])('%s on %j is %s', (pattern, text, expected) => {
    expect(compileRegex(pattern)(text)).toBe(expected);
  });

  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(.*,){20}x',
    '(?:.*a){30}',
    '((a*)*)*$',
    '(\\w+\\s?)+$',
    '.*.*.*.*=.*',
    `${'(a|a)'.repeat(24)}b`,
  ])('%s ends quickly on a hostile text', (pattern) => {
    const matches = compileRegex(pattern);
    expect(matches(`${'a'.repeat(20_000)}!`)).toBeTypeOf('boolean');
    expect(matches(`${','.repeat(20_000)}!`)).toBeTypeOf('boolean');
  });

  it('says what is wrong and what the syntax is', () => {
    expect(() => compileRegex('(?=a)')).toThrow(/`\(\?=a\)` is no regular expression/);
    expect(() => compileRegex('a'.repeat(100_000))).toThrow(/too long/);
  });
});
