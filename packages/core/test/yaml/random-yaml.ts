import fc from 'fast-check';

/** Draws choices; every text it makes is meant to be YAML that sops reads. */
type Draw = <T>(choices: readonly T[]) => T;

interface Maker {
  readonly draw: Draw;
  readonly newline: string;
  /** Whether to write what does not survive encryption byte for byte. */
  readonly loose: boolean;
  keys: number;
  anchors: string[];
}

const WORDS = [
  'a',
  'word',
  'two words',
  'x-y',
  'http://h:80/p',
  'yes',
  'on',
  '1:30',
  "it's",
  'a"b',
  'é',
  '😀',
  '<a>',
  '=',
  '-x',
  'a#b',
  'tab\tin',
  'null-ish',
  '0o8',
  '--flag',
  '@',
];
const TYPED = ['1', '-5', '0', 'true', 'false', 'null', '3.5', '2001-12-14T00:00:00Z'];
const ODD_TYPED = ['0x1F', '1_000', '1.0', '~', 'True', '2001-12-14', '.inf'];
const DOUBLE = [
  '""',
  '"x"',
  '"a\\nb"',
  '"\\u00e9"',
  '"q\\"q"',
  '"\\\\"',
  '"tab\\t"',
  '" lead"',
  '"5"',
  '"yes"',
  '"😀"',
  '"a: b"',
  '"# no"',
  '"\\x1B"',
  '"\\U0001F600"',
];
const SINGLE = ["''", "'x'", "'it''s'", "' lead'", "'5'", "'a: b'", "'{'", "'é'"];
const COMMENTS = ['# c', '#c', '#', '# it is: so', '# "q'];

function scalar(m: Maker): string {
  const kind = m.draw(['plain', 'plain', 'typed', 'double', 'single']);
  if (kind === 'plain') return m.draw(WORDS.filter((word) => !word.startsWith('@')));
  if (kind === 'typed') return m.draw(m.loose ? [...TYPED, ...ODD_TYPED] : TYPED);
  return m.draw(kind === 'double' ? DOUBLE : SINGLE);
}

function flow(m: Maker, depth: number): string {
  const kind = m.draw(depth > 0 ? ['map', 'list', 'scalar', 'scalar', 'scalar'] : ['scalar']);
  const sep = m.draw([', ', ',', `,${m.newline}      `]);
  if (kind === 'map') {
    const entries = times(m, () => {
      const key = m.draw([`k${m.keys++}`, `"k${m.keys++}"`]);
      return `${key}: ${flow(m, depth - 1)}`;
    });
    if (m.loose && m.draw([true, false, false])) entries.push(`k${m.keys++}`);
    return `{${m.draw(['', ' '])}${entries.join(sep)}${m.draw(['', ' ', m.loose && entries.length > 0 ? ',' : ''])}}`;
  }
  if (kind === 'list') return `[${times(m, () => flow(m, depth - 1)).join(sep)}]`;
  for (;;) {
    const text = scalar(m);
    if (/^["']/.test(text) || !/[[\]{},?]|:$/.test(text)) return text;
  }
}

function times<T>(m: Maker, make: () => T): T[] {
  return Array.from({ length: m.draw([0, 1, 2, 3]) }, make);
}

interface Place {
  readonly column: number;
  readonly depth: number;
  readonly inList: boolean;
}

/** What follows `key:` or `-`, its line break included. */
function value(m: Maker, at: Place): string {
  const { column, depth, inList } = at;
  const { draw, newline } = m;
  const kind = draw([
    'scalar',
    'scalar',
    'scalar',
    'flow',
    'literal',
    'absent',
    'map',
    'list',
    'loose',
    'anchor',
  ]);
  const comment = draw(['', '', '', ` ${draw(COMMENTS)}`]);
  const step = draw([2, 4]);
  const inner = inList ? column + 2 : column + step;
  if (kind === 'literal') return literal(m, inner);
  if (kind === 'absent') return `${comment}${newline}`;
  if (kind === 'flow') return ` ${flow(m, 2)}${comment}${newline}`;
  if (kind === 'loose' && m.loose) return loose(m, inner, comment);
  if (kind === 'anchor' && m.loose) return anchor(m, at, comment);
  if (depth > 0 && kind === 'map') {
    const block = blockMap(m, inner, depth - 1);
    if (block === '') return ` {}${newline}`;
    if (inList && !block.trimStart().startsWith('#') && draw([true, true, false]))
      return ` ${block.trimStart()}`;
    return `${comment}${newline}${block}`;
  }
  if (depth > 0 && kind === 'list') {
    const block = blockList(m, inList ? inner : draw([inner, column]), depth - 1);
    if (block === '') return ` []${newline}`;
    if (inList && !block.trimStart().startsWith('#') && draw([true, true, false]))
      return ` ${block.trimStart()}`;
    return `${comment}${newline}${block}`;
  }
  return ` ${scalar(m)}${comment}${newline}`;
}

function anchor(m: Maker, at: Place, comment: string): string {
  const known = m.anchors;
  if (known.length > 0 && m.draw([true, false])) return ` *${m.draw(known)}${comment}${m.newline}`;
  const name = `n${known.length}`;
  if (at.depth > 0 && m.draw([true, false])) {
    const inner = at.inList ? at.column + 2 : at.column + 2;
    const block = blockMap(m, inner, at.depth - 1);
    if (block !== '') {
      known.push(name);
      return ` &${name}${comment}${m.newline}${block}`;
    }
  }
  const text = m.draw([scalar(m), flow(m, 1)]);
  known.push(name);
  return ` &${name} ${text}${comment}${m.newline}`;
}

function loose(m: Maker, inner: number, comment: string): string {
  const { draw, newline } = m;
  const pad = ' '.repeat(inner);
  switch (draw(['tag', 'multi', 'folded', 'own line', 'commented flow'])) {
    case 'tag':
      return ` ${draw(['!!str x', '!foo bar', '!!str 5', '!!int "5"', '!!float 3', '!!binary aGVsbG8='])}${comment}${newline}`;
    case 'multi':
      return ` ${draw([`one${newline}${pad}two`, `"one${newline}${pad}two"`, `'one${newline}${newline}${pad}two'`])}${comment}${newline}`;
    case 'folded':
      return ` >${newline}${pad}one${newline}${pad}two${newline}${newline}${pad}three${newline}${pad}  more${newline}`;
    case 'own line':
      return `${newline}${pad}${scalar(m)}${comment}${newline}`;
    default:
      return ` [a, # in flow${newline}${pad}b]${newline}`;
  }
}

function literal(m: Maker, inner: number): string {
  const { draw, newline } = m;
  const pad = ' '.repeat(inner);
  const comment = draw(['', '', ' # head']);
  const header = draw(['|', '|-', '|+']);
  const lines = draw([
    ['one'],
    ['one', 'two'],
    ['one', '', 'two'],
    ['one', '  more', 'two'],
    ['# no comment'],
    ['a: b'],
  ]);
  const blank = header === '|+' ? draw(['', newline]) : draw(['', '', newline]);
  return ` ${header}${comment}${newline}${lines.map((line) => (line === '' ? newline : pad + line + newline)).join('')}${blank}`;
}

function lineBefore(m: Maker, column: number): string {
  const pad = ' '.repeat(column);
  return m.draw(['', '', '', `${pad}${m.draw(COMMENTS)}${m.newline}`, m.newline]);
}

function blockMap(m: Maker, column: number, depth: number): string {
  const pad = ' '.repeat(column);
  return times(m, () => {
    const name = `k${m.keys++}`;
    const key = m.draw([name, name, `"${name}"`, `'${name}'`, `${name} with space`]);
    if (m.loose && m.draw([...Array(12).fill(false), true])) {
      return `${pad}? ${key}${m.newline}${pad}:${value(m, { column, depth, inList: false })}`;
    }
    return `${lineBefore(m, column)}${pad}${key}:${value(m, { column, depth, inList: false })}`;
  }).join('');
}

function blockList(m: Maker, column: number, depth: number): string {
  const pad = ' '.repeat(column);
  return times(
    m,
    () => `${lineBefore(m, column)}${pad}-${value(m, { column, depth, inList: true })}`,
  ).join('');
}

function documentText(m: Maker, marked: boolean): string {
  const column = m.draw([0, 0, 0, 0, 2]);
  const pad = ' '.repeat(column);
  if (m.loose && m.draw([...Array(9).fill(false), true])) {
    return `${pad}{${times(m, () => `k${m.keys++}: ${flow(m, 2)}`).join(', ')}}${m.newline}`;
  }
  const root = blockMap(m, column, 3);
  const foot = m.draw(['', '', `${pad}# foot${m.newline}`, m.newline]);
  if (root !== '') return root + foot;
  return marked ? '' : `{}${m.newline}`;
}

/**
 * Random YAML.
 * @param loose with what comes back from encryption in another spelling: aliases, folds, tags
 */
export function randomYaml(loose: boolean): fc.Arbitrary<string> {
  return fc.gen().map((g) => {
    const draw: Draw = (choices) => {
      const chosen = choices[g(fc.nat, choices.length - 1)];
      if (chosen === undefined) throw new Error('nothing to draw');
      return chosen;
    };
    const m: Maker = {
      draw,
      newline: draw(['\n', '\n', '\n', '\r\n']),
      loose,
      keys: 0,
      anchors: [],
    };
    const starts = ['', '', '', `---${m.newline}`, `# head${m.newline}`, '\ufeff'];
    const start = draw(loose ? [...starts, `%YAML 1.1${m.newline}---${m.newline}`] : starts);
    const documents = Array.from({ length: draw([1, 1, 1, 2, 3]) }, (_, i) =>
      documentText(m, i > 0 || start.startsWith('---')),
    );
    const text =
      start +
      documents.join(
        draw([`---${m.newline}`, `---${m.newline}`, `...${m.newline}---${m.newline}`]),
      );
    const end = draw(['keep', 'keep', 'keep', 'none']);
    return end === 'none' ? text.replace(/(?:\r?\n)+$/, '') : text;
  });
}
