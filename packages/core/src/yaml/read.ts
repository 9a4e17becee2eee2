import type { MapNode } from '../document/document.ts';
import { composeBranches } from './compose.ts';
import { layoutOf } from './layout.ts';
import { parseYamlStream, withinStack } from './parse.ts';
import type { YamlLayout } from './syntax.ts';

/**
 * sops' trees of a YAML text, one for each document, the `sops` entries left in, and what emission
 * needs to know of the text.
 * @throws TidelockError ERR_PARSE, ERR_NON_STRING_KEY, ERR_NUMBER_RANGE, ERR_TOO_LARGE, ERR_TOO_DEEP
 */
export function readYaml(text: string): { branches: readonly MapNode[]; layout: YamlLayout } {
  return withinStack(() => {
    const stream = parseYamlStream(text);
    return { branches: composeBranches(text, stream), layout: layoutOf(text, stream) };
  });
}
