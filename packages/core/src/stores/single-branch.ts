import type { Document, Format, MapNode } from '../document/document.ts';
import { TidelockError } from '../errors.ts';

/**
 * The one map of a Document, for the formats that know no documents within a file. sops writes the
 * first and drops the others; that is a loss, and refused.
 * @throws TidelockError ERR_EMIT
 */
export function singleBranch(document: Document, format: Format): MapNode {
  const [branch, ...others] = document.branches;
  if (others.length === 0) return branch ?? { kind: 'map', items: [] };
  throw new TidelockError('ERR_EMIT', `A ${format} file can hold one document only.`, {
    hint: 'Write this file as YAML.',
  });
}
