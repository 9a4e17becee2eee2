import type { Element, MapNode, Value } from '../document/document.ts';
import { entriesOf, mapOf, stringLeaf } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import { scalarText } from './scalar-text.ts';

/** Steps in one flattened key: real metadata has five. */
const MAX_STEPS = 64;

/**
 * The sops block as the lines of a format that knows keys and strings only (SOPS-FORMAT 4.6), sorted
 * by key. Empty lists and maps vanish.
 */
export function flatten(map: MapNode): [key: string, text: string][] {
  const pairs: [string, string][] = [];
  for (const entry of entriesOf(map)) flattenValue(entry.key, entry.value, pairs);
  return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function flattenValue(prefix: string, value: Value, pairs: [string, string][]): void {
  if (value.kind === 'leaf') {
    pairs.push([prefix, scalarText(value.scalar)]);
  } else if (value.kind === 'map') {
    for (const entry of entriesOf(value)) {
      flattenValue(`${prefix}__map_${entry.key}`, entry.value, pairs);
    }
  } else {
    const elements = value.elements.filter(
      (element): element is Value => element.kind !== 'comment',
    );
    elements.forEach((element, index) => {
      flattenValue(`${prefix}__list_${index}`, element, pairs);
    });
  }
}

/**
 * The inverse of `flatten`; every leaf is a string. The order of the pairs does not matter, the order
 * of keys in the result is that of their first appearance. Memory is bounded by the input.
 * @throws TidelockError ERR_METADATA for a list with holes, a key that is two kinds of thing or twice
 */
export function unflatten(pairs: Iterable<readonly [key: string, text: string]>): MapNode {
  const root: MapDraft = { kind: 'map', entries: new Map() };
  for (const [key, text] of pairs) insert(root, key, text);
  return finishMap(root);
}

type Draft = MapDraft | ListDraft | LeafDraft;
interface MapDraft {
  readonly kind: 'map';
  readonly entries: Map<string, Draft>;
}
interface ListDraft {
  readonly kind: 'list';
  readonly elements: Map<number, Draft>;
}
interface LeafDraft {
  readonly kind: 'leaf';
  readonly text: string;
}

function insert(root: MapDraft, key: string, text: string): void {
  const steps = stepsOf(key);
  let node: Draft = root;
  steps.forEach((step, index) => {
    const following = steps[index + 1];
    const fresh = following === undefined ? { kind: 'leaf' as const, text } : emptyDraft(following);
    const known = childOf(node, step);
    if (known === undefined) addChild(node, step, fresh);
    else if (fresh.kind === 'leaf') throw malformed(key, 'stands there twice');
    else if (known.kind !== fresh.kind) throw malformed(key, 'contradicts another key');
    node = known ?? fresh;
  });
}

function emptyDraft(following: Step): MapDraft | ListDraft {
  return typeof following === 'number'
    ? { kind: 'list', elements: new Map() }
    : { kind: 'map', entries: new Map() };
}

function childOf(node: Draft, step: Step): Draft | undefined {
  if (node.kind === 'map' && typeof step === 'string') return node.entries.get(step);
  if (node.kind === 'list' && typeof step === 'number') return node.elements.get(step);
  return undefined;
}

function addChild(node: Draft, step: Step, child: Draft): void {
  if (node.kind === 'map' && typeof step === 'string') node.entries.set(step, child);
  if (node.kind === 'list' && typeof step === 'number') node.elements.set(step, child);
}

/** A string names an entry of a map, a number an element of a list. */
type Step = string | number;

function stepsOf(key: string): Step[] {
  const parts = key.split(/(__map_|__list_)/, 2 * MAX_STEPS + 2);
  if (parts.length > 2 * MAX_STEPS) throw malformed(key.slice(0, 100), 'has too many levels');
  const steps: Step[] = [parts[0] ?? ''];
  for (let i = 1; i < parts.length; i += 2) {
    const name = parts[i + 1] ?? '';
    if (parts[i] === '__map_') steps.push(name);
    else if (/^\d{1,9}$/.test(name)) steps.push(Number(name));
    else throw malformed(key, 'has a list index that is not a number');
  }
  return steps;
}

function finishMap(draft: MapDraft): MapNode {
  return mapOf(Array.from(draft.entries, ([key, child]) => [key, finish(child, key)] as const));
}

function finish(draft: Draft, key: string): Value {
  if (draft.kind === 'leaf') return stringLeaf(draft.text);
  if (draft.kind === 'map') return finishMap(draft);
  const elements: Element[] = [];
  for (let index = 0; index < draft.elements.size; index++) {
    const child = draft.elements.get(index);
    if (child === undefined) throw malformed(key, 'is a list with elements missing');
    elements.push(finish(child, key));
  }
  return { kind: 'list', elements };
}

function malformed(key: string, what: string): TidelockError {
  return new TidelockError('ERR_METADATA', `The metadata key "${key}" ${what}.`, {
    hint: 'Restore the sops metadata from the last good version of the file.',
  });
}
