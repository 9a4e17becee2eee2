import type {
  Comment,
  Element,
  Item,
  ListNode,
  MapNode,
  Scalar,
  Value,
} from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { refuseDuplicateKeys, refuseScalarMerge } from './check-map.ts';
import { MAX_DEPTH, yamlError } from './cursor.ts';
import type { YamlList, YamlMap, YamlNode, YamlScalar } from './nodes.ts';
import type { YamlStream } from './parse.ts';
import { OUT_OF_RANGE } from './parse-number.ts';
import { type CommentPlaces, type PlacedComment, placeComments } from './place-comments.ts';
import { resolveScalar } from './resolve-scalar.ts';

/** Expanded nodes that a file may have beyond ten times its own. */
const ALIAS_ALLOWANCE = 100_000;

interface Composer {
  readonly text: string;
  readonly comments: CommentPlaces;
  /** Only in the first document does sops look for duplicate keys and odd merges. */
  checked: boolean;
  depth: number;
  /** Aliases around the current node. */
  expanding: number;
  /** Nodes that aliases may still make. */
  allowance: number;
}

/**
 * sops' tree of each document: maps with string keys, typed leaves, comments at their places, aliases
 * expanded, `<<` kept as a key (SOPS-FORMAT 4.1). A node inside an expanded alias has no `syntax`.
 * @throws TidelockError ERR_PARSE, ERR_NON_STRING_KEY, ERR_NUMBER_RANGE, ERR_TOO_LARGE, ERR_TOO_DEEP
 */
export function composeBranches(text: string, stream: YamlStream): MapNode[] {
  const composer: Composer = {
    text,
    comments: placeComments(text, stream),
    checked: true,
    depth: 0,
    expanding: 0,
    allowance: 10 * stream.nodeCount + ALIAS_ALLOWANCE,
  };
  return stream.documents.map((document, index) => {
    composer.checked = index === 0;
    return composeRoot(composer, document.root);
  });
}

function composeRoot(composer: Composer, root: YamlNode): MapNode {
  if (root.kind === 'map') return composeMap(composer, root);
  if (root.kind !== 'scalar' || typedScalar(composer, root).type !== 'null') {
    const what = root.kind === 'list' ? 'list' : 'value';
    throw new TidelockError('ERR_PARSE', `the document is a ${what}, not a map`, {
      position: positionAt(composer.text, root.outerStart),
      hint: `Put the ${what} under a key: sops encrypts maps only. Or use --input-type binary.`,
    });
  }
  const placed = composer.comments.get(root) ?? [];
  return { kind: 'map', items: placed.map((place) => toComment(place, false)), syntax: root };
}

function composeValue(composer: Composer, node: YamlNode): Value {
  if (composer.expanding > 0) spend(composer, node);
  if (node.kind === 'map') return composeMap(composer, node);
  if (node.kind === 'list') return composeList(composer, node);
  if (node.kind === 'scalar') {
    const scalar = typedScalar(composer, node);
    if (composer.expanding > 0) return { kind: 'leaf', scalar };
    return { kind: 'leaf', scalar, syntax: node };
  }
  composer.expanding++;
  const value = composeValue(composer, node.target);
  composer.expanding--;
  return composer.expanding > 0 ? value : { ...value, syntax: node };
}

function spend(composer: Composer, node: YamlNode): void {
  composer.allowance--;
  if (composer.allowance >= 0) return;
  throw new TidelockError('ERR_TOO_LARGE', 'the aliases of the file expand to too many values', {
    position: positionAt(composer.text, node.span.start),
    hint: 'Write the values out, or use fewer aliases inside anchored maps and lists.',
  });
}

function descend(composer: Composer, node: YamlNode): void {
  composer.depth++;
  if (composer.depth <= MAX_DEPTH) return;
  throw new TidelockError('ERR_TOO_DEEP', `aliases nest the file deeper than ${MAX_DEPTH} levels`, {
    position: positionAt(composer.text, node.span.start),
    hint: 'Use fewer aliases inside anchored maps and lists.',
  });
}

function composeMap(composer: Composer, node: YamlMap): MapNode {
  const bare = composer.expanding > 0;
  if (composer.checked && !bare) {
    refuseDuplicateKeys(composer.text, node);
    refuseScalarMerge(composer.text, node);
  }
  descend(composer, node);
  const items: Item[] = [];
  const placed = composer.comments.get(node) ?? NONE;
  let next = 0;
  for (const pair of node.pairs) {
    next = pushComments(items, { placed, next, before: items.length - next, bare });
    const key = composeKey(composer, pair.key);
    const value = composeValue(composer, pair.value);
    items.push(bare ? { kind: 'entry', key, value } : { kind: 'entry', key, value, syntax: pair });
  }
  pushComments(items, { placed, next, before: items.length - next, bare });
  composer.depth--;
  return bare ? { kind: 'map', items } : { kind: 'map', items, syntax: node };
}

function composeList(composer: Composer, node: YamlList): ListNode {
  const bare = composer.expanding > 0;
  descend(composer, node);
  const elements: Element[] = [];
  const placed = composer.comments.get(node) ?? NONE;
  let next = 0;
  for (const element of node.elements) {
    next = pushComments(elements, { placed, next, before: elements.length - next, bare });
    elements.push(composeValue(composer, element));
  }
  pushComments(elements, { placed, next, before: elements.length - next, bare });
  composer.depth--;
  return bare ? { kind: 'list', elements } : { kind: 'list', elements, syntax: node };
}

const NONE: readonly PlacedComment[] = [];

interface PendingComments {
  readonly placed: readonly PlacedComment[];
  /** The first that is not yet in the tree. */
  readonly next: number;
  /** Index of the entry before which they stand. */
  readonly before: number;
  /** Without syntax, inside an alias. */
  readonly bare: boolean;
}

/** Adds the comments that stand before an entry; returns the next one. */
function pushComments(target: (Item | Element)[], pending: PendingComments): number {
  const { placed, before, bare } = pending;
  let next = pending.next;
  for (let place = placed[next]; place !== undefined && place.index <= before; ) {
    target.push(toComment(place, bare));
    place = placed[++next];
  }
  return next;
}

function toComment({ comment, inline }: PlacedComment, bare: boolean): Comment {
  if (bare) return { kind: 'comment', text: comment.text, inline };
  return { kind: 'comment', text: comment.text, inline, syntax: comment };
}

function composeKey(composer: Composer, node: YamlNode): string {
  const key = node.kind === 'alias' ? node.target : node;
  if (key.kind !== 'scalar') {
    throw yamlError({ text: composer.text, pos: node.span.start }, 'a key is a map or a list');
  }
  const scalar = typedScalar(composer, key);
  if (scalar.type === 'str' && typeof scalar.value === 'string') return scalar.value;
  throw new TidelockError('ERR_NON_STRING_KEY', `a key is no text but of type ${scalar.type}`, {
    position: positionAt(composer.text, node.span.start),
    hint: 'Put the key in quotes: sops knows text keys only.',
  });
}

function typedScalar(composer: Composer, node: YamlScalar): Scalar {
  const scalar = resolveScalar(node);
  if (typeof scalar !== 'string') return scalar;
  if (scalar === OUT_OF_RANGE) {
    throw new TidelockError(
      'ERR_NUMBER_RANGE',
      'an integer does not fit into 64 bits with a sign',
      {
        position: positionAt(composer.text, node.span.start),
        hint: 'Put the number in quotes, so that it is kept as text.',
      },
    );
  }
  const problem =
    scalar === 'bad-base64'
      ? 'a !!binary value is not base64'
      : 'a value is not of the type that its tag says';
  throw yamlError({ text: composer.text, pos: node.span.start }, problem);
}
