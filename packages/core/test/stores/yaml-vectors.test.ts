import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Document, Element, Item, Leaf, MapNode, Value } from '../../src/document/document.ts';
import { stringLeaf } from '../../src/document/document.ts';
import { yamlStore } from '../../src/stores/yaml.ts';

const VECTORS = new URL('../../../../test/vectors/', import.meta.url);
const names = readdirSync(VECTORS).filter((name) => name.endsWith('.yaml'));
const bytesOf = (name: string): Uint8Array => readFileSync(new URL(name, VECTORS));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Where our canonical form is deliberately not sops'. */
const DIFFERENT = new Map([
  ['floats.dec.yaml', 'minus zero is written -0.0, so that it stays a float'],
  ['listcomment.sops-3.11.0.enc.yaml', 'written by an older sops'],
]);

/** Every leaf of the tree that `choose` turns into another. */
function mapLeaves(node: MapNode, choose: (leaf: Leaf) => Leaf): MapNode {
  const value = (v: Value): Value => {
    if (v.kind === 'leaf') return choose(v);
    if (v.kind === 'map') return map(v);
    const elements = v.elements.map((e): Element => (e.kind === 'comment' ? e : value(e)));
    return elements.every((e, i) => e === v.elements[i]) ? v : { ...v, elements };
  };
  const map = (m: MapNode): MapNode => {
    const items = m.items.map((item): Item => {
      if (item.kind === 'comment') return item;
      const changed = value(item.value);
      return changed === item.value ? item : { ...item, value: changed };
    });
    return items.every((item, i) => item === m.items[i]) ? m : { ...m, items };
  };
  return map(node);
}

/** An alias is written out when it changes, and `!!binary` is no string any more. */
function isOddlyWritten(leaf: Leaf): boolean {
  const syntax = leaf.syntax as { style?: string; tag?: string } | undefined;
  return syntax?.style === 'alias' || syntax?.tag === '!!binary';
}

function withLeaves(document: Document, choose: (leaf: Leaf) => Leaf): Document {
  return { ...document, branches: document.branches.map((branch) => mapLeaves(branch, choose)) };
}

describe('the files of the real sops', () => {
  it.each(names)('%s is emitted as it was read', (name) => {
    const bytes = bytesOf(name);
    expect(textOf(yamlStore.emit(yamlStore.parse(bytes)))).toBe(textOf(bytes));
  });

  const canonical = names.filter(
    (name) => /\.(?:enc|dec)\.yaml$/.test(name) || name.includes('.sample.'),
  );
  it.each(canonical)('%s is what canonical emission writes', (name) => {
    if (DIFFERENT.has(name)) return;
    const bytes = bytesOf(name);
    expect(textOf(yamlStore.emitCanonical(yamlStore.parse(bytes)))).toBe(textOf(bytes));
  });

  it.each(names)('%s keeps every byte when a leaf is set and set back', (name) => {
    if (name === 'anchors.yaml') return; // a changed anchor has its aliases written out
    const bytes = bytesOf(name);
    const document = yamlStore.parse(bytes);
    let count = 0;
    withLeaves(document, (leaf) => {
      if (leaf.scalar.type !== 'str' || leaf.syntax === undefined) return leaf;
      if (isOddlyWritten(leaf)) return leaf;
      count++;
      return leaf;
    });
    for (let chosen = 0; chosen < Math.min(count, 12); chosen++) {
      let seen = 0;
      let old: Leaf | undefined;
      const isChosen = (leaf: Leaf): boolean =>
        leaf.scalar.type === 'str' &&
        leaf.syntax !== undefined &&
        !isOddlyWritten(leaf) &&
        seen++ === chosen;
      const changed = withLeaves(document, (leaf) => {
        if (!isChosen(leaf)) return leaf;
        old = leaf;
        return stringLeaf('ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]');
      });
      const there = yamlStore.emit(changed);
      seen = 0;
      const back = withLeaves(yamlStore.parse(there), (leaf) =>
        isChosen(leaf) && old !== undefined
          ? stringLeaf(old.scalar.type === 'str' ? old.scalar.value : '')
          : leaf,
      );
      expect(textOf(yamlStore.emit(back)), `leaf ${chosen}`).toBe(textOf(bytes));
    }
  });
});
