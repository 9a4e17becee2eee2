import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Document,
  type Element,
  type Entry,
  type Item,
  type MapNode,
  mapOf,
  stringLeaf,
  type Value,
} from '../../src/document/document.ts';
import { yamlStore } from '../../src/stores/yaml.ts';
import { randomYaml } from './random-yaml.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const read = (text: string): Document => yamlStore.parse(bytes(text));
const written = (document: Document): string =>
  Buffer.from(yamlStore.emit(document)).toString('utf8');

const token = (n: number, type = 'str'): string =>
  `ENC[AES256_GCM,data:${n}eA==,iv:eA==,tag:eA==,type:${type}]`;

const BLOCK = mapOf([
  ['lastmodified', stringLeaf('2026-01-01T00:00:00Z')],
  ['mac', stringLeaf(token(0))],
]);

/** Every string, number and comment a token that remembers it by its number, and back. */
function encrypted(document: Document): {
  document: Document;
  secrets: readonly (Value | string)[];
} {
  const secrets: (Value | string)[] = [];
  const value = (v: Value): Value => {
    if (v.kind === 'map') return map(v);
    if (v.kind === 'list') {
      return {
        ...v,
        elements: v.elements.map((e): Element => (e.kind === 'comment' ? item(e) : value(e))),
      };
    }
    if (v.scalar.type === 'null') return v;
    if (v.scalar.type === 'str' && v.scalar.value === '') return v;
    secrets.push(v);
    return { ...v, scalar: { type: 'str', value: token(secrets.length, v.scalar.type) } };
  };
  const item = <T extends Item | Element>(c: T): T => {
    if (c.kind !== 'comment' || c.text === '') return c;
    secrets.push(c.text);
    return { ...c, text: token(secrets.length, 'comment') };
  };
  const map = (m: MapNode): MapNode => ({
    ...m,
    items: m.items.map(
      (i): Item => (i.kind === 'entry' ? { ...i, value: value(i.value) } : item(i)),
    ),
  });
  return { document: { ...document, branches: document.branches.map(map), block: BLOCK }, secrets };
}

function decrypted(document: Document, secrets: readonly (Value | string)[]): Document {
  const secret = (text: string): Value | string | undefined => {
    const number = /^ENC\[AES256_GCM,data:(\d+)eA/.exec(text)?.[1];
    return number === undefined ? undefined : secrets[Number(number) - 1];
  };
  const value = (v: Value): Value => {
    if (v.kind === 'map') return map(v);
    if (v.kind === 'list') {
      return {
        ...v,
        elements: v.elements.map((e): Element => (e.kind === 'comment' ? comment(e) : value(e))),
      };
    }
    if (v.scalar.type !== 'str') return v;
    const old = secret(String(v.scalar.value));
    return typeof old === 'object' && old.kind === 'leaf' ? { ...v, scalar: old.scalar } : v;
  };
  const comment = <T extends Item | Element>(c: T): T => {
    if (c.kind !== 'comment') return c;
    const old = secret(c.text);
    return typeof old === 'string' ? { ...c, text: old } : c;
  };
  const map = (m: MapNode): MapNode => ({
    ...m,
    items: m.items.map(
      (i): Item => (i.kind === 'entry' ? { ...i, value: value(i.value) } : comment(i)),
    ),
  });
  return { ...document, branches: document.branches.map(map), block: null };
}

/** A tree without its syntax, comments apart. */
function shape(document: Document): unknown {
  const comments: string[] = [];
  const value = (v: Value): unknown => {
    if (v.kind === 'leaf') {
      const { scalar } = v;
      if (scalar.type === 'str')
        return `s${String(scalar.value).replace(/(ENC\[AES256_GCM[^\]]*\])\s*$/, '$1')}`;
      if (scalar.type === 'null') return null;
      // A float without a fraction is written as sops does, and read as an int.
      const type = scalar.type === 'float' && Number.isInteger(scalar.value) ? 'int' : scalar.type;
      return `${type} ${String(scalar.value)}`;
    }
    if (v.kind === 'map') return map(v);
    return v.elements.flatMap((e) => (e.kind === 'comment' ? note(e.text) : [value(e)]));
  };
  const note = (text: string): [] => {
    comments.push(text);
    return [];
  };
  const map = (m: MapNode): unknown =>
    m.items.flatMap((i) => (i.kind === 'comment' ? note(i.text) : [[i.key, value(i.value)]]));
  const branches = document.branches.map(map);
  return {
    branches,
    comments: comments.sort(),
    block: document.block === null ? null : map(document.block),
  };
}

const RUNS = { numRuns: Number(process.env.RUNS ?? 300) };
describe('spliceYaml', () => {
  it('emits what was parsed, byte for byte', () => {
    fc.assert(
      fc.property(randomYaml(true), (text) => {
        expect(written(read(text))).toBe(text);
      }),
      RUNS,
    );
  });

  it('gives the bytes back when everything is encrypted and decrypted again', () => {
    fc.assert(
      fc.property(randomYaml(false), (text) => {
        const { document, secrets } = encrypted(read(text));
        const there = written(document);
        const again = read(there);
        expect(shape(again)).toEqual(shape(document));
        expect(there).toMatch(/^ *mac: ENC\[/m);
        expect(written(decrypted(again, secrets))).toBe(text);
      }),
      RUNS,
    );
  });

  it('keeps values where the bytes do not come back', () => {
    fc.assert(
      fc.property(randomYaml(true), (text) => {
        const before = read(text);
        const { document, secrets } = encrypted(before);
        const again = read(written(document));
        expect(shape(again)).toEqual(shape(document));
        const back = decrypted(again, secrets);
        expect(shape(read(written(back)))).toEqual(shape(back));
        expect(shape(back)).toEqual(shape(before));
      }),
      RUNS,
    );
  });

  it('writes trees that re-read as they are after random edits', () => {
    fc.assert(
      fc.property(randomYaml(true), fc.gen(), fc.integer({ min: 1, max: 4 }), (text, g, count) => {
        let document = read(text);
        for (let i = 0; i < count; i++) document = edited(document, (max) => g(fc.nat, max));
        const there = written(document);
        expect(shape(read(there)), there).toEqual(shape(document));
      }),
      RUNS,
    );
  });
});

/** One random change somewhere in the tree. */
function edited(document: Document, nat: (max: number) => number): Document {
  const at = nat(document.branches.length - 1);
  let fresh = 0;
  const leaf = (): Value =>
    [
      stringLeaf('new'),
      stringLeaf('two\nlines\n'),
      stringLeaf('\n odd'),
      stringLeaf('5'),
      stringLeaf('yes'),
      stringLeaf('a, b: [c]'),
      stringLeaf(''),
      stringLeaf(token(9)),
      { kind: 'leaf', scalar: { type: 'int', value: 7n } } as const,
      { kind: 'leaf', scalar: { type: 'null' } } as const,
    ][nat(9)] ?? stringLeaf('');
  const made = (depth: number): Value => {
    const kind = nat(5);
    if (kind === 0 && depth > 0) {
      return mapOf(Array.from({ length: nat(2) }, () => [`n${fresh++}`, made(depth - 1)] as const));
    }
    if (kind === 1 && depth > 0) {
      return { kind: 'list', elements: Array.from({ length: nat(2) }, () => made(depth - 1)) };
    }
    return leaf();
  };
  const entry = (): Entry => ({ kind: 'entry', key: `new${nat(1000)}`, value: made(2) });
  const change = <T>(list: readonly T[], tools: { create: () => T; alter: (old: T) => T }): T[] => {
    const result = [...list];
    const place = nat(Math.max(result.length - 1, 0));
    const action = nat(5);
    const old = result[place];
    if (action === 0) result.splice(nat(result.length), 0, tools.create());
    else if (action === 1 && result.length > 0) result.splice(place, 1);
    else if (action === 2 && result.length > 1) result.push(...result.splice(place, 1));
    else if (old !== undefined) result[place] = tools.alter(old);
    return result;
  };
  const alterItem = (old: Item): Item => {
    if (old.kind === 'comment') return { ...old, text: ' changed' };
    return { ...old, value: alter(old.value) };
  };
  const alterElement = (old: Element): Element => {
    if (old.kind === 'comment') return { ...old, text: ' changed' };
    return alter(old);
  };
  const alter = (old: Value): Value => {
    if (old.kind === 'leaf' || nat(6) === 0) return made(2);
    if (old.kind === 'map') {
      const create = (): Item =>
        nat(3) === 0 ? { kind: 'comment', text: ' fresh', inline: false } : entry();
      const items = change<Item>(old.items, { create, alter: alterItem });
      const keys = items.flatMap((item) => (item.kind === 'entry' ? [item.key] : []));
      return new Set(keys).size === keys.length ? { ...old, items } : old;
    }
    const create = (): Element =>
      nat(3) === 0 ? { kind: 'comment', text: ' fresh', inline: false } : made(2);
    return { ...old, elements: change<Element>(old.elements, { create, alter: alterElement }) };
  };
  const branches = document.branches.map((branch, i) => {
    if (i !== at) return branch;
    for (;;) {
      const next = alter(branch);
      if (next.kind === 'map') return next;
    }
  });
  const block = nat(3) === 0 ? (document.block === null ? BLOCK : null) : document.block;
  return { ...document, branches, block };
}
