import { TidelockError } from '../errors.ts';

/** Map keys as text, list indexes as numbers, from the root. Comments count as list elements. */
export type TreePath = readonly (string | number)[];

/**
 * A place in the tree, linked to the one around it. `prefix` is every map key on the way, each
 * followed by `:`; list indexes are not part of it (SOPS-FORMAT 1.4).
 */
export interface Place {
  readonly parent: Place | null;
  /** Key or index in the parent; null for a document's root. */
  readonly step: string | number | null;
  readonly prefix: string;
  /** Levels below the root. */
  readonly depth: number;
}

export const ROOT_PLACE: Place = { parent: null, step: null, prefix: '', depth: 0 };

export function placeBelow(parent: Place, step: string | number): Place {
  const prefix = typeof step === 'string' ? `${parent.prefix}${step}:` : parent.prefix;
  return { parent, step, prefix, depth: parent.depth + 1 };
}

/** The additional authenticated data of a leaf there; of a comment, given the map or list it is in. */
export function aadOf(place: Place): string {
  return place.prefix === '' ? ':' : place.prefix;
}

export function treePathOf(place: Place): TreePath {
  const steps: (string | number)[] = [];
  for (let at: Place | null = place; at !== null && at.step !== null; at = at.parent) {
    steps.push(at.step);
  }
  return steps.reverse();
}

/** `["key"][0]`, as `--extract`, `set` and `unset` take it; '' for the whole document. */
export function formatTreePath(path: TreePath): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : quotedKey(step))).join('');
}

function quotedKey(key: string): string {
  return key.includes('"]') && !key.includes("']") ? `['${key}']` : `["${key}"]`;
}

/**
 * Reads `["key"][0]['other']` (SOPS-FORMAT 9.4): keys in either quote without escapes, indexes in
 * decimal. A key may hold `[`, which sops cannot address. '' is the whole document.
 * @throws TidelockError ERR_TREE_PATH
 */
export function parseTreePath(text: string): TreePath {
  const steps: (string | number)[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] !== '[') throw badPath('every component stands in brackets');
    const end = closingBracket(text, at);
    steps.push(readStep(text.slice(at + 1, end)));
    at = end + 1;
  }
  return steps;
}

/** A quoted key ends at its quote and bracket where the path ends or the next component begins. */
function closingBracket(text: string, open: number): number {
  const quote = text[open + 1];
  const mark = quote === '"' || quote === "'" ? `${quote}]` : ']';
  let from = open + mark.length;
  for (;;) {
    const found = text.indexOf(mark, from);
    if (found === -1) throw badPath('a component has no end');
    const end = found + mark.length - 1;
    if (mark === ']' || end + 1 === text.length || text[end + 1] === '[') return end;
    from = found + 1;
  }
}

function readStep(inner: string): string | number {
  if (/^["']/.test(inner)) return inner.slice(1, -1);
  if (!/^\+?[0-9]{1,15}$/.test(inner)) {
    throw badPath('a component is neither a quoted key nor a list index');
  }
  return Number(inner);
}

function badPath(reason: string): TidelockError {
  return new TidelockError('ERR_TREE_PATH', `not a tree path: ${reason}`, {
    hint: 'A tree path looks like \'["database"]["hosts"][0]\'; quote it for the shell.',
  });
}
