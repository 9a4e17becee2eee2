import { describe, expect, it } from 'vitest';
import type {
  Document,
  Element,
  Item,
  MapNode,
  Scalar,
  Value,
} from '../../src/document/document.ts';
import { mapOf, stringLeaf } from '../../src/document/document.ts';
import { yamlStore } from '../../src/stores/yaml.ts';

const TOKEN = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]';
const COMMENT_TOKEN = 'ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:comment]';
const BLOCK = mapOf([
  ['age', { kind: 'list', elements: [mapOf([['recipient', stringLeaf('age1x')]])] }],
  ['mac', stringLeaf(TOKEN)],
]);

const read = (text: string): Document => yamlStore.parse(Buffer.from(text));
const write = (document: Document): string => Buffer.from(yamlStore.emit(document)).toString();

type Path = readonly (string | number)[];

/** The tree with the value at a path of keys and indexes changed; undefined removes it. */
function at(
  value: Value,
  path: Path,
  change: (old: Value) => Value | undefined,
): Value | undefined {
  const [part, ...rest] = path;
  if (part === undefined) return change(value);
  if (value.kind === 'map') {
    const items = value.items.flatMap((item): Item[] => {
      if (item.kind !== 'entry' || item.key !== part) return [item];
      const changed = at(item.value, rest, change);
      if (changed === undefined) return [];
      return [changed === item.value ? item : { ...item, value: changed }];
    });
    return { ...value, items };
  }
  if (value.kind === 'list') {
    const elements = value.elements.flatMap((element, i): Element[] => {
      if (i !== part || element.kind === 'comment') return [element];
      const changed = at(element, rest, change);
      return changed === undefined ? [] : [changed];
    });
    return { ...value, elements };
  }
  return value;
}

function changed(text: string, path: Path, change: (old: Value) => Value | undefined): string {
  const document = read(text);
  const [first, ...others] = document.branches;
  const root = first === undefined ? undefined : at(first, path, change);
  if (root?.kind !== 'map') throw new Error('the root must stay a map');
  return write({ ...document, branches: [root, ...others] });
}

const set = (text: string, path: Path, value: Value | string): string =>
  changed(text, path, (old) => {
    if (typeof value !== 'string') return value;
    const scalar: Scalar = { type: 'str', value };
    return old.kind === 'leaf' ? { ...old, scalar } : { kind: 'leaf', scalar };
  });
const setInt = (text: string, path: Path, value: bigint): string =>
  changed(text, path, (old) => ({ ...old, kind: 'leaf', scalar: { type: 'int', value } }) as Value);
const add = (text: string, path: Path, key: string, value: Value): string =>
  changed(text, path, (old) =>
    old.kind === 'map' ? { ...old, items: [...old.items, { kind: 'entry', key, value }] } : old,
  );
const unset = (text: string, path: Path): string => changed(text, path, () => undefined);
const withBlock = (text: string, block: MapNode | null): string => write({ ...read(text), block });

const s = stringLeaf;
const BLOCK_TEXT = `sops:\n    age:\n        - recipient: age1x\n    mac: ${TOKEN}\n`;

describe('a leaf in its place', () => {
  it.each<[string, string, string]>([
    ['plain', 'a: x # c\n', `a: ${TOKEN} # c\n`],
    ['plain that sops would quote', 'a: yes\n', `a: "${TOKEN} "\n`],
    ['plain with a tab inside', 'a: x\ty\n', `a: "${TOKEN} "\n`],
    ['double', 'a: "x"\n', `a: "${TOKEN}"\n`],
    ['double with other escapes', 'a: "\\u00e9"\n', `a: "${TOKEN}      "\n`],
    ['single', "a: 'it''s'\n", `a: '${TOKEN}'\n`],
    ['literal', 'a: | # c\n  x\n  y\nb: 1\n', `a: | # c\n  ${TOKEN}\nb: 1\n`],
    ['literal to strip', 'a: |-\n  x\n\nb: 1\n', `a: |-\n  ${TOKEN}\n\nb: 1\n`],
    ['literal to keep', 'a: |+\n  x\n\nb: 1\n', `a: |+\n  ${TOKEN}\nb: 1\n`],
    ['literal with an indicator', 'a: |2\n   x\nb: 1\n', `a: |2\n  ${TOKEN}\nb: 1\n`],
    ['flow plain', 'a: {b: x, a: y}\n', ''],
    ['of a CRLF file', 'a: |\r\n  x\r\nb: 1\r\n', `a: |\r\n  ${TOKEN}\r\nb: 1\r\n`],
    ['with an anchor', 'a: &n x\nb: 1\n', `a: &n ${TOKEN}\nb: 1\n`],
    ['with a tag for text', 'a: !!str 5\n', `a: !!str "${TOKEN} "\n`],
    ['on a line of its own', 'a:\n  "x"\nb: 1\n', `a:\n  "${TOKEN}"\nb: 1\n`],
  ])('%s: encrypted and back', (_name, text, expected) => {
    if (expected === '') return;
    const before = read(text).branches[0]?.items.find((i) => i.kind === 'entry' && i.key === 'a');
    const there = set(text, ['a'], TOKEN);
    expect(there).toBe(expected);
    if (before?.kind !== 'entry' || before.value.kind !== 'leaf') throw new Error('no leaf');
    const { scalar } = before.value;
    expect(set(there, ['a'], scalar.type === 'str' ? String(scalar.value) : '')).toBe(text);
  });

  it('with an anchor right before it: gets the space that it lacked', () => {
    expect(set('a: &n:x\nb: 1\n', ['a'], TOKEN)).toBe(`a: &n ${TOKEN}\nb: 1\n`);
  });

  it('tells three styles of text apart in flow collections', () => {
    const text = 'f: {a: x, b: "x", c: \'x\', d: [ -x ]}\n';
    let there = set(text, ['f', 'a'], TOKEN);
    there = set(there, ['f', 'b'], TOKEN);
    there = set(there, ['f', 'c'], TOKEN);
    there = set(there, ['f', 'd', 0], TOKEN);
    expect(there).toBe(`f: {a: "${TOKEN} ", b: "${TOKEN}", c: '${TOKEN}', d: [ "${TOKEN} " ]}\n`);
    let back = set(there, ['f', 'a'], 'x');
    back = set(back, ['f', 'b'], 'x');
    back = set(back, ['f', 'c'], 'x');
    back = set(back, ['f', 'd', 0], '-x');
    expect(back).toBe(text);
  });

  it('keeps the mark of a token that another replaces', () => {
    const other = TOKEN.replace('eA', 'eB');
    expect(set(`f: ["${TOKEN} "]\n`, ['f', 0], other)).toBe(`f: ["${other} "]\n`);
  });

  it('writes what is no text plain, whatever quotes the token had', () => {
    expect(setInt(`a: "${TOKEN}"\n`, ['a'], 5n)).toBe('a: 5\n');
    expect(setInt(`a: [ "${TOKEN}" ]\n`, ['a', 0], 5n)).toBe('a: [ 5 ]\n');
    expect(setInt(`a: |- # c\n  ${TOKEN}\nb: 1\n`, ['a'], 5n)).toBe('a: 5 # c\nb: 1\n');
  });

  it('quotes as sops does what a plain token of sops stood for', () => {
    expect(set(`a: ${TOKEN}\n`, ['a'], '5')).toBe('a: "5"\n');
    expect(set(`a: ${TOKEN}\n`, ['a'], 'x: y')).toBe("a: 'x: y'\n");
    expect(set(`a: ${TOKEN}\n`, ['a'], 'x\ny\n')).toBe('a: |\n    x\n    y\n');
    expect(set(`f: [ "${TOKEN} " ]\n`, ['f', 0], 'x, y')).toBe('f: [ "x, y" ]\n');
  });

  it('drops a tag that would say something else', () => {
    expect(set('a: !!int "5"\n', ['a'], TOKEN)).toBe(`a: "${TOKEN}"\n`);
    expect(set('a: &n !!binary aGVsbG8=\n', ['a'], TOKEN)).toBe(`a: &n ${TOKEN}\n`);
  });

  it('adapts the header of a block scalar to its end', () => {
    expect(set('a: |\n  x\nb: 1\n', ['a'], 'y')).toBe('a: |-\n  y\nb: 1\n');
    expect(set('a: |-\n  x\nb: 1\n', ['a'], ' y\nz\n')).toBe('a: |2\n   y\n  z\nb: 1\n');
    expect(set('a: |\n  x\n\nb: 1\n', ['a'], 'y\n\n')).toBe('a: "y\\n\\n"\n\nb: 1\n');
    expect(set('a: >\n  x\n  y\nb: 1\n', ['a'], 'p\n\nq\n r\ns\n')).toBe(
      'a: >\n  p\n\n\n  q\n   r\n  s\nb: 1\n',
    );
  });

  it('writes into what was empty', () => {
    expect(set('a: # c\nb:\n', ['a'], 'x')).toBe('a: x # c\nb:\n');
    expect(set('a: {b: , c}\n', ['a', 'b'], 'x')).toBe('a: {b: x , c}\n');
    expect(set('a: {b: , c}\n', ['a', 'c'], 'x')).toBe('a: {b: , c: x}\n');
    expect(set('- x\n'.replace('- x', 'l:\n  -\n  - y'), ['l', 0], 'x')).toBe('l:\n  - x\n  - y\n');
  });
});

describe('entries and elements', () => {
  it('come behind the last one at its column', () => {
    expect(add('a:\n   b: 1\n   # foot\n\nc: 2\n', ['a'], 'm', s('x'))).toBe(
      'a:\n   b: 1\n   # foot\n   m: x\n\nc: 2\n',
    );
    expect(add('a:\n  b: 1', [], 'm', mapOf([['k', s('x')]]))).toBe('a:\n  b: 1\nm:\n  k: x');
    expect(add('l:\n- a: 1\n- b: 2\n', ['l', 0], 'm', s('x'))).toBe('l:\n- a: 1\n  m: x\n- b: 2\n');
    expect(add('f: {a: 1}\n', ['f'], 'm', s('x, y'))).toBe('f: {a: 1, m: "x, y"}\n');
    expect(add('f: {}\n', ['f'], 'm', s('x'))).toBe('f:\n    m: x\n');
  });

  it('go with their lines, or their comma', () => {
    expect(unset('a: 1 # c\n\n# d\nb:\n  - x\nc: 3\n', ['b'])).toBe('a: 1 # c\n\n# d\nc: 3\n');
    expect(unset('a: 1\nb: 2', ['b'])).toBe('a: 1');
    expect(unset('l:\n  - a: 1\n    b: 2\n', ['l', 0, 'a'])).toBe('l:\n  - b: 2\n');
    expect(unset('f: {a: 1, b: 2, c: 3}\n', ['f', 'b'])).toBe('f: {a: 1, c: 3}\n');
    expect(unset('f: [a, b]\n', ['f', 1])).toBe('f: [a]\n');
    expect(unset('a:\n  b: 1\nc: 2\n', ['a', 'b'])).toBe('a: {}\nc: 2\n');
    expect(unset('a: 1\n', ['a'])).toBe('{}\n');
  });

  it('keep blank lines out of a scalar with |+', () => {
    expect(unset('a: |+\n  x\nb: 1\n\nc: 2\n', ['b'])).toBe('a: |+\n  x\nc: 2\n');
  });

  it('set and unset again give the bytes back', () => {
    for (const text of ['a: 1\n', 'a: 1', 'a: |\n  x\n', 'a: {b: 1}\n', '  a: 1\n\n# foot\n']) {
      expect(unset(add(text, [], 'm', s('x')), ['m'])).toBe(text);
    }
  });

  it('becomes another kind of value in place', () => {
    expect(set('a: 1 # c\nb: 2\n', ['a'], mapOf([['k', s('x')]]))).toBe('a: # c\n    k: x\nb: 2\n');
    expect(set('a:\n  k: 1\n  # foot\nb: 2\n', ['a'], 'x')).toBe('a: x\nb: 2\n');
    expect(set('l:\n  - a: 1\n    b: 2\n  - c\n', ['l', 0], 'x')).toBe('l:\n  - x\n  - c\n');
    expect(set('l: [1, 2]\n', ['l', 0], mapOf([['k', s('x')]]))).toBe('l: [{k: x}, 2]\n');
  });
});

describe('aliases', () => {
  it('stay while they and their anchor do', () => {
    expect(set('a: &n x\nb: *n\nc: 1\n', ['c'], 'z')).toBe('a: &n x\nb: *n\nc: z\n');
  });

  it('are written out when their anchor changes', () => {
    expect(set('a: &n x\nb: *n\n', ['a'], 'z')).toBe('a: &n z\nb: x\n');
    expect(set('a: &n\n  k: 1\nb:\n  <<: *n\nl: [*n]\n', ['a', 'k'], 'z')).toBe(
      'a: &n\n  k: z\nb:\n  <<:\n    k: 1\nl: [{k: 1}]\n',
    );
    expect(unset('a: &n x\nb: *n\n*n : 1\n', ['a'])).toBe('b: x\n"x" : 1\n');
  });

  it('are written out when they change themselves', () => {
    expect(set('a: &n x\nb: *n # c\n', ['b'], TOKEN)).toBe(`a: &n x\nb: ${TOKEN} # c\n`);
  });
});

describe('comments', () => {
  const comments = (text: string, change: (old: string) => string | undefined): string => {
    const document = read(text);
    const visit = (value: Value): Value => {
      if (value.kind === 'leaf') return value;
      if (value.kind === 'list') {
        return {
          ...value,
          elements: value.elements.flatMap((e): (typeof e)[] =>
            e.kind === 'comment' ? one(e) : [visit(e)],
          ),
        };
      }
      return {
        ...value,
        items: value.items.flatMap((i): Item[] =>
          i.kind === 'comment' ? one(i) : [{ ...i, value: visit(i.value) }],
        ),
      };
    };
    const one = <C extends { readonly text: string }>(comment: C): C[] => {
      const changedText = change(comment.text);
      return changedText === undefined ? [] : [{ ...comment, text: changedText }];
    };
    return write({ ...document, branches: document.branches.map((b) => visit(b) as MapNode) });
  };

  const TEXT =
    '# head\na: 1 # inline\nb: # key\n  c: 1\nl:\n  - x # in list\n  # foot\nf: [a, # flow\n  b]\n';

  it('change where they stand, lists and flow collections included', () => {
    expect(comments(TEXT, () => COMMENT_TOKEN)).toBe(TEXT.replace(/#.*/g, `#${COMMENT_TOKEN}`));
    expect(
      comments(
        comments(TEXT, (old) => `${old} 2`),
        (old) => old.slice(0, -2),
      ),
    ).toBe(TEXT);
  });

  it('go with their line, or from it', () => {
    expect(comments('# head\na: 1 # inline\nb: # key\n  c: 1\n', () => undefined)).toBe(
      'a: 1\nb:\n  c: 1\n',
    );
  });

  it('replace the string element that sops makes of them in lists', () => {
    const document = read(`l:\n    - ${COMMENT_TOKEN}\n    - x\n`);
    const [branch] = document.branches;
    const item = branch?.items[0];
    if (branch === undefined || item?.kind !== 'entry' || item.value.kind !== 'list')
      throw new Error('no list');
    const elements: Element[] = [
      { kind: 'comment', text: ' why', inline: false },
      ...item.value.elements.slice(1),
    ];
    const next: MapNode = { ...branch, items: [{ ...item, value: { ...item.value, elements } }] };
    expect(write({ ...document, branches: [next] })).toBe('l:\n    # why\n    - x\n');
  });
});

describe('the sops block', () => {
  it.each<[string, string, string]>([
    ['behind the last line', 'a: 1\n', `a: 1\n${BLOCK_TEXT}`],
    [
      'behind comments, before blank lines',
      'a: 1\n# foot\n\n\n',
      `a: 1\n# foot\n${BLOCK_TEXT}\n\n`,
    ],
    ['without a final line break', 'a: 1', `a: 1\n${BLOCK_TEXT.slice(0, -1)}`],
    ['behind a literal that ends the file', 'a: |\n  x\n', `a: |\n  x\n${BLOCK_TEXT}`],
    [
      'at the column of the root',
      '  a: 1\n',
      `  a: 1\n  sops:\n    age:\n        - recipient: age1x\n    mac: ${TOKEN}\n`,
    ],
    [
      'in every document',
      'a: 1\n---\n---\nb: 2\n...\n',
      `a: 1\n${BLOCK_TEXT}---\n${BLOCK_TEXT}---\nb: 2\n${BLOCK_TEXT}...\n`,
    ],
    ['in place of {}', '{}\n', BLOCK_TEXT],
    ['with CRLF', 'a: 1\r\n', `a: 1\n${BLOCK_TEXT}`.replace(/\n/g, '\r\n')],
  ])('goes %s, and leaves the bytes as they were', (_name, text, expected) => {
    const there = withBlock(text, BLOCK);
    expect(there).toBe(expected);
    expect(withBlock(there, null)).toBe(text);
  });

  it('makes a block of a flow root, and of nothing below it', () => {
    const text = '{"a": 1, b: {c: [x, y]}, d: "z"}\n';
    expect(withBlock(text, BLOCK)).toBe(`"a": 1\nb: {c: [x, y]}\nd: "z"\n${BLOCK_TEXT}`);
    expect(withBlock('--- {a: 1}\n', BLOCK)).toBe(`---\na: 1\n${BLOCK_TEXT}`);
  });

  it('says that a literal has no line break at its end once lines follow it', () => {
    expect(withBlock('a: |\n  x', BLOCK)).toBe(`a: |-\n  x\n${BLOCK_TEXT.slice(0, -1)}`);
  });

  it('stays where it stands and changes only the lines that change', () => {
    const text = `a: 1\nsops: # ours\n  # note\n  mac: old\n  age:\n  - recipient: age1x\nb: 2\n`;
    expect(withBlock(text, BLOCK)).toBe(text.replace('old', TOKEN));
  });

  it('is an error where the document has a key of that name', () => {
    const document = read('a: 1\n');
    const taken = { ...document, branches: [mapOf([['sops', s('x')]])], block: BLOCK };
    expect(() => yamlStore.emit(taken)).toThrow(expect.objectContaining({ code: 'ERR_EMIT' }));
    expect(() => yamlStore.emitCanonical(taken)).toThrow(
      expect.objectContaining({ code: 'ERR_EMIT' }),
    );
  });
});
