import { expect, test } from 'vitest';
import { show } from './show-tree.ts';

/** The table of SOPS-FORMAT 4.1, and variations whose place was seen from the real sops. */
const ROWS: readonly (readonly [string, string, string])[] = [
  ['above a key', '#x\n\n#y\na: 1\n', '{#<x>, #<y>, a: int 1}'],
  ['behind a key with a map', 'a: #x\n  b: 1\n', '{#<x>, a: {b: int 1}}'],
  ['behind a value', 'a: 1 #x\n', '{#i<x>, a: int 1}'],
  ['behind an alias', 'a: &k 1\nb: *k #x\n', '{a: int 1, #i<x>, b: int 1}'],
  ['behind a block scalar header', 'a: | #x\n  t\n', '{#i<x>, a: "t\\n"}'],
  ['behind a list element', 'a:\n  - 1 #x\n', '{a: [#i<x>, int 1]}'],
  ['behind a flow map', 'a: {b: 1} #x\n', '{a: {#<x>, b: int 1}}'],
  ['behind a flow list', 'a: [1] #x\n', '{a: [#<x>, int 1]}'],
  ['behind an empty flow map', 'a: {} #x\n', '{a: {#<x>}}'],
  ['behind a flow element of a list', 'a:\n  - [1] #x\n', '{a: [#i<x>, [int 1]]}'],
  [
    'after the last entry, at its column',
    'a:\n  b: 1\n  #x\nc: 2\n',
    '{a: {b: int 1, #<x>}, c: int 2}',
  ],
  [
    'after the last entry, indented by one',
    'a:\n  b: 1\n #x\nc: 2\n',
    '{a: {b: int 1, #<x>}, c: int 2}',
  ],
  [
    'after the last entry, deeper',
    'a:\n  b: 1\n      #x\nc: 2\n',
    '{a: {b: int 1, #<x>}, c: int 2}',
  ],
  [
    'at the column of the parent of the parent, lines ended by CR LF as if a blank line followed',
    'a:\r\n  b:\r\n    c: 1\r\n#x\r\n#y\r\n  d: 2\r\n',
    '{a: {b: {c: int 1}, #<x>, #<y>, d: int 2}}',
  ],
  [
    'the same, lines ended by LF',
    'a:\n  b:\n    c: 1\n#x\n#y\n  d: 2\n',
    '{a: {b: {c: int 1, #<x>, #<y>}, d: int 2}}',
  ],
  ['at the column of the parent', 'a:\n  b: 1\n#x\nc: 2\n', '{a: {b: int 1}, #<x>, c: int 2}'],
  [
    'stepping outwards',
    'a:\n  b:\n    c: 1\n    #x\n  #y\n#z\nd: 2\n',
    '{a: {b: {c: int 1, #<x>}, #<y>}, #<z>, d: int 2}',
  ],
  [
    'between two levels',
    'a:\n  b:\n    c: 1\n  #x\nd: 2\n',
    '{a: {b: {c: int 1, #<x>}}, d: int 2}',
  ],
  [
    'between two levels, then blank',
    'a:\n  b:\n    c: 1\n  #x\n\nd: 2\n',
    '{a: {b: {c: int 1}, #<x>}, d: int 2}',
  ],
  [
    'at the column of the next key, deeper map before',
    'a:\n  b: 1\n#x\n  c: 2\n',
    '{a: {b: int 1, #<x>, c: int 2}}',
  ],
  [
    'before a list item and after the last',
    'a:\n  - 1\n  #x\n  - 2\n  #y\n#z\nb: 3\n',
    '{a: [int 1, #<x>, int 2, #<y>], #<z>, b: int 3}',
  ],
  [
    'after a list at the column of its key',
    'a:\n- 1\n#x\n- 2\n#y\nb: 3\n',
    '{a: [int 1, #<x>, int 2], #<y>, b: int 3}',
  ],
  ['below a key alone', 'a:\n  #x\nb: 1\n', '{a: null, #<x>, b: int 1}'],
  ['behind a key alone', 'a: #x\nb: 1\n', '{#<x>, a: null, b: int 1}'],
  ['between key and map', 'a:\n#x\n  b: 1\n', '{a: {#<x>, b: int 1}}'],
  ['between key and text', 'a: #x\n  #y\n  text\n', '{#<x>, #<y>, a: "text"}'],
  ['behind an anchor', 'a: &k #x\n  b: 1\n', '{a: {#<x>, b: int 1}}'],
  ['behind a dash', 'a:\n  - #x\n    b: 1\n', '{a: [{#<x>, b: int 1}]}'],
  [
    'in a flow list',
    'a: [\n  1, #x\n  #y\n  2 #z\n  #w\n]\n',
    '{a: [#i<x>, int 1, #<y>, #i<z>, int 2, #<w>]}',
  ],
  [
    'at the head and the foot',
    '#x\n---\n#y\na: 1\n#z\n---\n#w\nb: 2\n',
    '{#<x>, #<y>, a: int 1, #<z>} --- {#<w>, b: int 2}',
  ],
  ['at the end of the text', 'a:\n  b: 1\n#x\n', '{a: {b: int 1}, #<x>}'],
  ['at the end, indented', 'a:\n  b: 1\n  #x\n', '{a: {b: int 1, #<x>}}'],
  // Where the encrypted file will have them, with the sops block behind.
  ['at the end, indented, after a blank line', 'a:\n  b: 1\n\n  #x\n', '{a: {b: int 1, #<x>}}'],
  ['at the end, without a line break', 'a:\n  b: 1\n#end', '{a: {b: int 1}, #<end>}'],
  ['in an empty document', '---\n#x\n---\na: 1\n', '{#<x>} --- {a: int 1}'],
  ['without a space before it', 'a: "b"#x\n', '{#i<x>, a: "b"}'],
  ['with a tab between two', '#x\n\t#y\na: 1\n', '{#<x>, #<y>, a: int 1}'],
  [
    'inside an alias',
    'a: &k\n  #x\n  b: 1 #y\nc: *k\n',
    '{a: {#<x>, #i<y>, b: int 1}, c: {#<x>, #i<y>, b: int 1}}',
  ],
];

test.each(ROWS)('a comment %s', (_where, source, expected) => {
  expect(show(source)).toBe(expected);
});

/** sops loses these; a comment may hold a secret, so they are kept and get encrypted. */
const KEPT: readonly (readonly [string, string])[] = [
  ['a: [ #x\n  1]\n', '{a: [#<x>, int 1]}'],
  ['a: [] #x\n', '{a: [#<x>]}'],
  ['a: 1\n#x\n...\n#y\n', '{a: int 1, #<x>, #<y>}'],
];

test.each(KEPT)('a comment that sops loses is kept: %j', (source, expected) => {
  expect(show(source)).toBe(expected);
});
