import type { Comment, MapNode, Value } from '../../src/document/document.ts';
import { TidelockError } from '../../src/errors.ts';
import { readYaml } from '../../src/yaml/read.ts';

/** The branches of a text on one line: `{#<head>, a: int 1, #i<inline>, l: ["x"]}`. */
export function show(text: string): string {
  return readYaml(text).branches.map(showNode).join(' --- ');
}

export function showNode(node: Value | Comment): string {
  switch (node.kind) {
    case 'map':
      return `{${showItems(node).join(', ')}}`;
    case 'list':
      return `[${node.elements.map(showNode).join(', ')}]`;
    case 'comment':
      return `#${node.inline ? 'i' : ''}<${node.text}>`;
    case 'leaf':
      return showScalar(node);
  }
}

function showItems(map: MapNode): string[] {
  return map.items.map((item) =>
    item.kind === 'comment' ? showNode(item) : `${item.key}: ${showNode(item.value)}`,
  );
}

function showScalar({ scalar }: Extract<Value, { kind: 'leaf' }>): string {
  if (scalar.type === 'null') return 'null';
  if (scalar.type !== 'str')
    return `${scalar.type} ${Object.is(scalar.value, -0) ? '-0' : scalar.value}`;
  if (typeof scalar.value === 'string') return JSON.stringify(scalar.value);
  return `bytes ${Buffer.from(scalar.value).toString('hex')}`;
}

/** The code and place of the error that reading the text ends in; null when it is read. */
export function failure(text: string): string | null {
  try {
    readYaml(text);
    return null;
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    const at = error.position;
    return at === undefined ? error.code : `${error.code} ${at.line}:${at.column}`;
  }
}
