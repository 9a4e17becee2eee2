import { parseYamlStream, TidelockError, type YamlNode } from '@tidelock/core';
import type { TextSpan } from '../types.ts';
import type { Tree } from './tree.ts';

/**
 * Reads YAML with positions; null when it is not YAML (a template, most often). An alias is the very
 * node it names, so nothing multiplies.
 */
export function readYamlTrees(text: string, offset: number): readonly Tree[] | null {
  try {
    return parseYamlStream(text).documents.map(({ root }) => new Converter(offset).tree(root));
  } catch (error) {
    if (error instanceof TidelockError || error instanceof RangeError) return null;
    throw error;
  }
}

class Converter {
  readonly #offset: number;
  readonly #made = new Map<YamlNode, Tree>();

  constructor(offset: number) {
    this.#offset = offset;
  }

  tree(node: YamlNode): Tree {
    const known = this.#made.get(node);
    if (known !== undefined) return known;
    const made = this.#make(node);
    this.#made.set(node, made);
    return made;
  }

  #make(node: YamlNode): Tree {
    switch (node.kind) {
      case 'alias':
        return this.tree(node.target);
      case 'scalar':
        return {
          kind: 'scalar',
          value: node.value,
          quoted: node.style !== 'plain' && node.style !== 'absent',
          tag: node.tag,
          span: this.#span(node.span),
        };
      case 'list':
        return {
          kind: 'list',
          elements: node.elements.map((element) => this.tree(element)),
          span: this.#span(node.span),
        };
      case 'map':
        return {
          kind: 'map',
          entries: node.pairs.map((pair) => ({
            key: pair.key.kind === 'scalar' ? pair.key.value : '',
            keySpan: this.#span(pair.span),
            value: this.tree(pair.value),
          })),
          span: this.#span(node.span),
        };
    }
  }

  #span({ start, end }: TextSpan): TextSpan {
    return { start: start + this.#offset, end: end + this.#offset };
  }
}
