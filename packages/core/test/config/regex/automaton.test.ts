import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { Automaton } from '../../../src/config/regex/automaton.ts';
import { RegexSyntaxError } from '../../../src/config/regex/expression.ts';
import { parseRegex } from '../../../src/config/regex/parse.ts';
import { buildProgram } from '../../../src/config/regex/program.ts';

type Search = (text: string) => boolean;

function compile(pattern: string): Search {
  const automaton = new Automaton(buildProgram(parseRegex(pattern)));
  return (text) => automaton.matches(text);
}

/** null: refused. */
function ours(pattern: string): Search | null {
  try {
    return compile(pattern);
  } catch (error) {
    if (error instanceof RegexSyntaxError) return null;
    throw error;
  }
}

function oracle(pattern: string): Search | null {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch {
    return null;
  }
}

function differences(pattern: string, texts: readonly string[]): string[] {
  const [expected, actual] = [oracle(pattern), ours(pattern)];
  if ((actual === null) !== (expected === null)) return [pattern];
  return texts
    .filter((text) => actual?.(text) !== expected?.(text))
    .map((text) => `${pattern} on ${JSON.stringify(text)}`);
}

const ODD = [
  'a{,3} a{2,1} a{ a{1 a{01} {1} a|{2} (?) (?-) (?i-) (?i-s:a) (?--i) (?ims) (?x) (? (?P<a (?P<>a)',
  '(?P<a>x)(?P<a>y) (?P=a) (?#c) (?>a) [] []a] [^]a] [a [a- [a-] [-a] [a-\\d] [\\d-a] [\\d-z]',
  '[[:alpha:] [[:alpha] [[:^alpha:]] [:alpha:] [a[:digit:]b] [\\b] [\\Q] \\ a\\ \\8 \\0 \\07 \\012',
  '\\1 \\12 \\x \\x4 \\x41 \\x{} \\x{41 \\x{110000} \\pL \\PL \\p{L \\p{^L} \\P{^Lu} \\p \\p{Nope}',
  '\\Q \\Qa \\Qab\\E* \\E \\C \\_ \\é \\- ^* $+ \\b? a*? a*?? a*+ a?{2} (a*)* a|* (*) (|a) () | || a||b',
  '(?i)[^k] (?i)[a-z] (?i)\\w (?i)\\W (?i)[^\\W] (?i)[[:lower:]] (?i)\\pL (?i)ß (?i)σ (?i)[α-ω] (?U)a+',
  '(?i)ı (?i)İ \\z \\A .{1000} a{1001} ((a{10}){10}){10} ((a{10}){10}){11} (a{0}){1000} \\a\\f\\v (?=a)',
  'a(?i)* a*(?i)* a|(?i)* (?i)* a\\Q\\E* (a)(?i){2} ab(?i)+ (?<!a) \\Z ab( ab) a** *a [z-a] (?P<name>a)(?<other>b) (?m)^b$ a(?i)b (a(?i)b)c (?i:a)b (?s).',
].flatMap((line) => line.split(' '));
const TEXTS = [
  ...[
    '',
    'a',
    'b',
    'K',
    '\u212a',
    'ſ',
    's',
    'ß',
    'ẞ',
    'ς',
    'Σ',
    'Ω',
    'ı',
    'I',
    'i',
    'İ',
    '\n',
    '-',
    ']',
  ],
  ...[
    ':',
    'aaa',
    '{1}',
    'ab',
    'A',
    '_',
    ' ',
    'é',
    '\u0007\f\v',
    '\0',
    '\\',
    'x\nb\nc',
    'abc',
    'aBC',
    'AB',
  ],
];

const ATOMS = [
  ...[
    'a',
    'b',
    'A',
    '.',
    '\\.',
    '/',
    '[ab]',
    '[^a]',
    '[^/]',
    '\\d',
    '\\w',
    '\\s',
    '\\S',
    '^',
    '$',
    '\\b',
  ],
  ...[
    '\\B',
    '\\z',
    '\\A',
    '[[:upper:]]',
    'é',
    '😀',
    '\n',
    '(?i)',
    '(?s)',
    '(?m)',
    '(?-i)',
    'K',
    's',
    '1',
  ],
];
const { tree: somePattern } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...ATOMS),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => a + b),
    fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a}|${b})`),
    fc
      .tuple(tie('tree'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{1,3}', '{2,}'))
      .map(([a, repetition]) => `(?:${a})${repetition}`),
    fc
      .tuple(fc.constantFrom('(?i:', '(?P<n>', '(?-i:', '(?m-s:'), tie('tree'))
      .map(([opening, a]) => `${opening}${a})`),
  ),
}));
const someText = fc.string({
  unit: fc.constantFrom(...'abAB./1_\n\r éÉ😀k\u212aſ'),
  maxLength: 12,
});
const someNoise = fc.string({
  unit: fc.constantFrom(...'()[]{}|*+?.^$\\-:,=<>!imsUPQEpdwxbzAN0127aé'),
  maxLength: 10,
});

describe('Automaton', () => {
  it('accepts and refuses the odd expressions that RE2 does', () => {
    expect(ODD.flatMap((pattern) => differences(pattern, TEXTS))).toEqual([]);
  });

  it('means what RE2 means', () => {
    const texts = fc.array(someText, { minLength: 5, maxLength: 5 });
    const property = fc.property(somePattern, texts, (pattern, some) => {
      expect(differences(pattern, some)).toEqual([]);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('reads any text as RE2 reads it', () => {
    const property = fc.property(someNoise, someText, (pattern, text) => {
      // The oracle is older than the spelling of names that Go 1.25 allows.
      fc.pre(!/\\[pP]\{?\^?[a-z_ -]/.test(pattern));
      expect(differences(pattern, [text])).toEqual([]);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('reads the names of Unicode classes in any spelling', () => {
    expect(compile('^\\p{lu}\\pl\\p{greek}\\p{uppercase letter}\\p{LC}\\p{ascii}$')('AaλBcz')).toBe(
      true,
    );
  });

  it.each([
    ['a(?=b)', 1, /look-around/],
    ['(a)\\1', 3, /back-references/],
    ['ab(', 2, /without its \)/],
    ['a**', 2, /repetition of a repetition/],
    ['x[z-a]', 2, /backwards/],
    ['x{1001}', 1, /1000/],
    ['a\\Z', 1, /unknown escape/],
  ])('says what is wrong with %s and where', (pattern, offset, message) => {
    expect(() => compile(pattern)).toThrow(message);
    expect(() => compile(pattern)).toThrow(expect.objectContaining({ offset }));
  });

  it('refuses what is too deep or too large', () => {
    expect(ours(`${'('.repeat(1500)}a${')'.repeat(1500)}`)).toBeNull();
    expect(ours('.{1000}'.repeat(300))).toBeNull();
  });

  it.each([
    ['(a+)+$', false],
    ['(a|a)*b', false],
    ['(.*,){20}x', false],
    ['(a?){500}a{400}$', false],
    ['(.*)(.*)(.*)(.*)[^a]$', true],
  ])('ends quickly on hostile %s', (pattern, expected) => {
    const search = compile(pattern);
    expect(search(`${'a'.repeat(20_000)}!\n`)).toBe(expected);
    expect(search(`${','.repeat(20_000)}\n!`)).toBe(expected);
  });
});
