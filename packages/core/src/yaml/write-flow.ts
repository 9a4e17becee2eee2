import type { Value } from '../document/document.ts';
import { CannotSplice } from './splice-context.ts';
import { flowKeyText } from './write-key.ts';
import { flowScalarText } from './write-scalar.ts';

/**
 * A value on one line for the inside of a flow collection.
 * @throws CannotSplice for a comment inside, which would take the rest of the line
 */
export function flowText(value: Value): string {
  if (value.kind === 'leaf') return flowScalarText(value.scalar);
  if (value.kind === 'map') {
    const entries = value.items.map((item) => {
      if (item.kind === 'comment') throw new CannotSplice('a comment in a flow map');
      return `${flowKeyText(item)}: ${flowText(item.value)}`;
    });
    return `{${entries.join(', ')}}`;
  }
  const elements = value.elements.map((element) => {
    if (element.kind === 'comment') throw new CannotSplice('a comment in a flow list');
    return flowText(element);
  });
  return `[${elements.join(', ')}]`;
}
