import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Comment, MapNode, Value } from '../../src/document/document.ts';
import { readYaml } from '../../src/yaml/read.ts';
import { show, showNode } from './show-tree.ts';

const VECTORS = new URL('../../../../test/vectors/', import.meta.url);
const names = readdirSync(VECTORS).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readFileSync(new URL(name, VECTORS), 'utf8');

/** Keys and structure, tokens and values left out; the sops block and comments as well. */
function shape(node: Value | Comment, isRoot = false): string {
  if (node.kind === 'map') {
    const entries = node.items.filter((item) => item.kind === 'entry');
    const data = isRoot ? entries.filter(({ key }) => key !== 'sops') : entries;
    return `{${data.map(({ key, value }) => `${key}:${shape(value)}`).join(',')}}`;
  }
  if (node.kind === 'list') {
    return `[${node.elements.filter((element) => !isComment(element)).map((e) => shape(e))}]`;
  }
  return node.kind === 'leaf' && node.scalar.type === 'null' ? 'null' : 'leaf';
}

/** sops writes a comment in a list as a token of type comment. */
function isComment(element: Value | Comment): boolean {
  if (element.kind !== 'leaf' || element.scalar.type !== 'str') return element.kind === 'comment';
  const { value } = element.scalar;
  return typeof value === 'string' && value.endsWith('type:comment]');
}

const shapes = (branches: readonly MapNode[]) => branches.map((branch) => shape(branch, true));

describe.each(names)('%s', (name) => {
  const text = read(name);
  const { branches, layout } = readYaml(text);

  test('is read, its documents laid out one after the other', () => {
    expect(layout.documents).toHaveLength(branches.length);
    let from = 0;
    for (const { span, contentEnd } of layout.documents) {
      expect(span.start).toBeGreaterThanOrEqual(from);
      expect(contentEnd).toBeGreaterThanOrEqual(span.start);
      expect(contentEnd).toBeLessThanOrEqual(span.end);
      from = span.end;
    }
  });

  const encrypted = name.replace(/\.yaml$/, '.enc.yaml');
  test.each(names.filter((other) => other === encrypted))('has the shape of %s', (other) => {
    expect(shapes(readYaml(read(other)).branches)).toEqual(shapes(branches));
  });

  const decrypted = name.replace(/\.yaml$/, '.dec.yaml');
  test.each(names.filter((other) => other === decrypted))('has the values of %s', (other) => {
    expect(values(read(other))).toBe(values(text));
  });
});

/** Without comments; a float without fraction comes back as an integer, as in sops. */
function values(text: string): string {
  return show(text)
    .replace(/#i?<[^>]*>(, )?/g, '')
    .replace(/, ([}\]])/g, '$1')
    .replace(/float (-?\d+)(?=[,}\]])/g, 'int $1');
}

test('anchors.yaml is expanded at every use', () => {
  const branch = readYaml(read('anchors.yaml')).branches[0];
  expect(branch && showNode(branch)).toBe(
    '{base: {#i< cx>, x: int 1, y: {z: int 2}}, use: {#i< cx>, x: int 1, y: {z: int 2}}, ' +
      'm: {<<: {#i< cx>, x: int 1, y: {z: int 2}}, y: int 3}, l: [int 1, int 2], ' +
      'l2: [int 1, int 2], s: "text", s2: "text"}',
  );
});
