import fc from 'fast-check';
import type {
  Comment,
  Element,
  Item,
  MapNode,
  Scalar,
  Value,
} from '../../src/document/document.ts';

export function comment(text: string): Comment {
  return { kind: 'comment', text, inline: false };
}

/** What a tree is written as in tests: a bigint is an int, a number a float, an array a list. */
export type Literal =
  | string
  | bigint
  | number
  | boolean
  | null
  | Pairs
  | readonly (Literal | Comment)[];

/** A map, in order; comments stand between the pairs. */
export class Pairs {
  readonly pairs: readonly (readonly [string, Literal] | Comment)[];
  constructor(pairs: readonly (readonly [string, Literal] | Comment)[]) {
    this.pairs = pairs;
  }
}

export function pairs(...items: (readonly [string, Literal] | Comment)[]): Pairs {
  return new Pairs(items);
}

export function tree(root: Pairs): MapNode {
  const value = literal(root);
  if (value.kind !== 'map') throw new Error('a map');
  return value;
}

export function literal(written: Literal | Comment): Value {
  const element = elementOf(written);
  if (element.kind === 'comment') throw new Error('a comment is no value');
  return element;
}

function elementOf(written: Literal | Comment): Element {
  if (written instanceof Pairs) {
    return {
      kind: 'map',
      items: written.pairs.map((item): Item => {
        if ('kind' in item) return item;
        return { kind: 'entry', key: item[0], value: literal(item[1]) };
      }),
    };
  }
  if (Array.isArray(written)) return { kind: 'list', elements: written.map(elementOf) };
  if (typeof written === 'object' && written !== null) {
    if ('kind' in written) return written as Comment;
    throw new Error('no literal');
  }
  return { kind: 'leaf', scalar: scalarOf(written) };
}

function scalarOf(written: string | bigint | number | boolean | null): Scalar {
  if (written === null) return { type: 'null' };
  if (typeof written === 'string') return { type: 'str', value: written };
  if (typeof written === 'bigint') return { type: 'int', value: written };
  if (typeof written === 'number') return { type: 'float', value: written };
  return { type: 'bool', value: written };
}

const keys = fc.oneof(
  fc.constantFrom('a', 'b', 'secret_unencrypted', '__proto__', 'constructor', '10', '2', '', ':'),
  fc.string({ maxLength: 6 }),
);

const scalars: fc.Arbitrary<Scalar> = fc.oneof(
  fc.record({ type: fc.constant('str' as const), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ type: fc.constant('int' as const), value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
  fc.record({ type: fc.constant('float' as const), value: fc.double() }),
  fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
  fc.constant({ type: 'time' as const, value: '2001-12-14T21:59:43.1-05:00' }),
  fc.constant({ type: 'null' as const }),
);

const comments: fc.Arbitrary<Comment> = fc.record({
  kind: fc.constant('comment' as const),
  text: fc.string({ maxLength: 10 }),
  inline: fc.boolean(),
});

const { map } = fc.letrec<{ value: Value; map: MapNode }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalars.map((scalar): Value => ({ kind: 'leaf', scalar })),
    fc
      .array(fc.oneof(tie('value'), comments), { maxLength: 4 })
      .map((elements): Value => ({ kind: 'list', elements })),
    tie('map'),
  ),
  map: fc
    .array(
      fc.oneof(
        fc.record({ kind: fc.constant('entry' as const), key: keys, value: tie('value') }),
        comments,
      ),
      { maxLength: 5 },
    )
    .map((items): MapNode => ({ kind: 'map', items })),
}));

/** Any tree: odd keys, every scalar, comments anywhere, nested lists. */
export const anyTree: fc.Arbitrary<MapNode> = map;
