import fc from 'fast-check';

/**
 * Random YAML as people write it: every scalar style, odd scalars, comments everywhere, block and flow
 * collections, lists in lists, several documents. All of it is YAML that sops accepts.
 */
export interface YamlOptions {
  /** Leave out what an in-place round trip may spell anew: folded text, typed spellings, escapes. */
  readonly restorable?: boolean;
  readonly newline?: '\n' | '\r\n';
}

/** Lines of a node: `head` continues the line of its key or dash, `body` are lines of its own. */
interface Rendered {
  readonly head: string;
  readonly body: readonly string[];
  /** An inline comment may stand behind `head`. */
  readonly commentable: boolean;
}

type Node = (indent: number) => Rendered;

const WORDS = [
  'alpha',
  'beta',
  'x',
  'some words here',
  'http://h/p?q=1',
  'a-b_c',
  'é',
  '日本',
  'p@ss!word',
  '$VAR',
  'a/b',
  "it's",
  'a"b',
  'c: d',
  'e #f',
  '😀',
  'tab\there',
  '~x',
  '=',
  '<',
  '.5x',
];
const WORD = fc.constantFrom(...WORDS);
const TEXT = fc.oneof(
  { weight: 4, arbitrary: WORD },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).map(printableOnly) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      ' lead',
      'trail ',
      'yes',
      'no',
      '1',
      '0x1F',
      '1.0',
      'null',
      '~',
      'true',
      '2001-12-14',
      '1:30',
      '-',
      '- a',
      '? b',
      '[x',
      '{y',
      '*z',
      '&w',
      '!t',
      '|',
      '>',
      '%p',
      '@q',
      '`r',
      '# s',
      'k:',
      '<<',
      '...',
      '---',
    ),
  },
);
const PLAIN = fc.constantFrom(
  'alpha',
  'beta',
  'some words here',
  'http://h/p?q=1',
  'a-b_c',
  'é',
  '日本',
  'p@ss!word',
  '$VAR',
  "it's",
  'a"b',
  'x',
  'k8s.io/v1',
  '10.0.0.1',
  '5432:5432',
);
const TYPED = fc.constantFrom(
  '1',
  '-7',
  '0',
  '42',
  '9223372036854775807',
  'true',
  'false',
  'null',
  '~',
  '3.25',
  '0.5',
  '-1.5',
);
const TYPED_ODD = fc.constantFrom(
  '0x1F',
  '0o17',
  '017',
  '0b11',
  '1_000',
  '+3',
  '1.0',
  '1e3',
  '1.5e-10',
  '.inf',
  '-.inf',
  '.5',
  '2001-12-14',
  '2001-12-14T21:59:43.10-05:00',
  '2001-12-14 21:59:43',
  'True',
  'FALSE',
  'NULL',
  '12345678901234567890123',
);
const KEY = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'a',
      'b',
      'c',
      'password',
      'data',
      'name',
      'list',
      'k_unencrypted',
      'x-y',
      'a.b/c',
      'é',
      '日本',
      'camelCase',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      '"10"',
      '"2"',
      "'true'",
      '"quoted key"',
      "'it''s'",
      'toString',
      '"a:b"',
      '""',
    ),
  },
);
const COMMENT = fc.oneof(
  fc.constantFrom(
    '# a comment',
    '#tight',
    '#  spaced  out',
    '# key: value',
    '# - item',
    '# ünïcode 😀',
    '#',
    '## double',
    '# "quoted"',
  ),
  WORD.map((word) => `# ${word}`),
);

function printableOnly(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029\ufeff]/gu, '');
}

const double = (text: string) => JSON.stringify(text).replace(/[\u007f-\u009f]/g, '');
const single = (text: string) => `'${text.replaceAll("'", "''")}'`;
const inline =
  (head: string): Node =>
  () => ({ head, body: [], commentable: true });

function scalars(options: YamlOptions): fc.Arbitrary<Node> {
  const always = [
    { weight: 5, arbitrary: PLAIN.map(inline) },
    { weight: 3, arbitrary: TYPED.map(inline) },
    { weight: 3, arbitrary: TEXT.map((text) => inline(double(text))) },
    {
      weight: 3,
      arbitrary: TEXT.filter((text) => !text.includes('\t')).map((text) => inline(single(text))),
    },
    { weight: 3, arbitrary: literals() },
    { weight: 1, arbitrary: fc.constant(inline('')) },
  ];
  if (options.restorable === true) return fc.oneof(...always);
  return fc.oneof(
    ...always,
    { weight: 3, arbitrary: TYPED_ODD.map(inline) },
    { weight: 2, arbitrary: folded() },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          '!!str 12',
          '!!binary aGVsbG8=',
          '!foo bar',
          '!!float 3',
          '"\\x41\\u00e9\\n\\t"',
          '!!int "5"',
        )
        .map(inline),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(PLAIN, PLAIN).map(
        ([a, b]): Node =>
          (indent) => ({ head: a, body: [`${' '.repeat(indent + 2)}${b}`], commentable: false }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(WORD, WORD).map(
        ([a, b]): Node =>
          (indent) => ({
            head: double(a).slice(0, -1),
            body: [`${' '.repeat(indent + 2)}${double(b).slice(1)}`],
            commentable: false,
          }),
      ),
    },
  );
}

const BLOCK_LINE = fc.constantFrom(
  'first line',
  'second',
  '  indented',
  '# not a comment',
  'k: v',
  '- x',
  '',
  '-----BEGIN X-----',
  'tab\tinside',
  '"quoted"',
  'trailing',
  'é日本',
);

function literals(): fc.Arbitrary<Node> {
  return fc
    .tuple(
      fc.array(BLOCK_LINE, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '-', '+'),
      fc.option(COMMENT, { freq: 8 }),
    )
    .map(([lines, chomp, comment]) => blockScalar('|', lines, { chomp, comment }));
}

function folded(): fc.Arbitrary<Node> {
  return fc
    .tuple(fc.array(BLOCK_LINE, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '-', '+'))
    .map(([lines, chomp]) => blockScalar('>', lines, { chomp, comment: null }));
}

function blockScalar(
  mark: string,
  lines: readonly string[],
  how: { chomp: string; comment: string | null },
): Node {
  const text = ['text', ...lines, 'end'];
  return (indent) => ({
    head: `${mark}${how.chomp}${how.comment === null ? '' : ` ${how.comment}`}`,
    body: text.map((line) => (line === '' ? '' : `${' '.repeat(indent + 2)}${line}`)),
    commentable: false,
  });
}

function flows(depth: number): fc.Arbitrary<string> {
  const leaf = fc.oneof(
    fc.constantFrom('plain', 'x y', '1', 'true', 'null', '3.25', 'a-b'),
    WORD.map(double),
    WORD.filter((word) => !word.includes('\t')).map(single),
  );
  if (depth <= 0) return leaf;
  const inner = flows(depth - 1);
  const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '"d e"', 'f'), { maxLength: 3 });
  const space = fc.constantFrom('', ' ');
  return fc.oneof(
    leaf,
    fc
      .tuple(fc.array(inner, { maxLength: 3 }), space)
      .map(([items, pad]) => `[${pad}${items.join(', ')}${pad}]`),
    fc
      .tuple(keys, fc.array(inner, { minLength: 3, maxLength: 3 }), space)
      .map(
        ([names, values, pad]) =>
          `{${pad}${names.map((name, i) => `${name}: ${values[i]}`).join(', ')}${pad}}`,
      ),
  );
}

interface Part {
  readonly key: string;
  readonly node: Node;
  readonly above: readonly string[];
  readonly blank: boolean;
  readonly behind: string | null;
}

function parts(options: YamlOptions, depth: number): fc.Arbitrary<readonly Part[]> {
  const part = fc.record({
    key: KEY,
    node: nodes(options, depth),
    above: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(COMMENT, { maxLength: 2 }) },
    ),
    blank: fc.boolean(),
    behind: fc.option(COMMENT, { freq: 4 }),
  });
  return fc.uniqueArray(part, { minLength: 1, maxLength: 4, selector: (p) => keyText(p.key) });
}

const keyText = (key: string) => key.replace(/^['"]|['"]$/g, '');

function nodes(options: YamlOptions, depth: number): fc.Arbitrary<Node> {
  const scalar = scalars(options);
  if (depth <= 0) return scalar;
  return fc.oneof(
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: parts(options, depth - 1).map(blockMap) },
    { weight: 2, arbitrary: parts(options, depth - 1).map(blockList) },
    { weight: 1, arbitrary: flows(2).map(inline) },
  );
}

function blockMap(entries: readonly Part[]): Node {
  return (indent) => ({ head: '', body: mapLines(entries, indent + 2), commentable: true });
}

function mapLines(entries: readonly Part[], column: number): string[] {
  return entries.flatMap((entry) =>
    withComments(entry, column, `${entry.key}:`, entry.node(column)),
  );
}

function blockList(elements: readonly Part[]): Node {
  return (indent) => ({
    head: '',
    body: elements.flatMap((element) => {
      const column = indent + 2;
      return withComments(element, column, '-', element.node(column));
    }),
    commentable: true,
  });
}

function withComments(part: Part, column: number, lead: string, node: Rendered): string[] {
  const pad = ' '.repeat(column);
  const behind = part.behind !== null && node.commentable ? ` ${part.behind}` : '';
  const head = node.head === '' ? '' : ` ${node.head}`;
  return [
    ...(part.blank ? [''] : []),
    ...part.above.map((comment) => pad + comment),
    `${pad}${lead}${head}${behind}`,
    ...node.body,
  ];
}

/** One document or several, with or without markers and a final newline. */
export function yamlTexts(options: YamlOptions = {}): fc.Arbitrary<string> {
  const document = fc.record({ entries: parts(options, 3), foot: fc.option(COMMENT, { freq: 5 }) });
  return fc
    .record({
      documents: fc.oneof(
        { weight: 4, arbitrary: fc.array(document, { minLength: 1, maxLength: 1 }) },
        { weight: 1, arbitrary: fc.array(document, { minLength: 2, maxLength: 3 }) },
      ),
      marker: fc.boolean(),
      finalNewline: fc.boolean(),
    })
    .map(({ documents, marker, finalNewline }) => {
      const texts = documents.map((d) =>
        [...mapLines(d.entries, 0), ...(d.foot === null ? [] : [d.foot])].join('\n'),
      );
      const text = (marker ? '---\n' : '') + texts.join('\n---\n');
      const endsOpen = !finalNewline && !(options.restorable === true && text.includes('|'));
      return (endsOpen ? text : `${text}\n`).replaceAll('\n', options.newline ?? '\n');
    });
}
