import {
  type Comment,
  compileRegex,
  createSelector,
  type Leaf,
  type LeafContext,
  type Selector,
  TidelockError,
  treePathOf,
  walkLeaves,
} from '@tidelock/core';
import type { SopsView } from './sops-view.ts';
import { sopsViewsOf } from './sops-view.ts';
import type { Source } from './source.ts';
import type { TextSpan, TreePath } from './types.ts';

/** A leaf or comment of a sops file, with what the file's own selection says about it. */
export interface SopsLeaf {
  readonly path: TreePath;
  readonly span: TextSpan | null;
  /** Text of a value or a comment; null for a YAML null. */
  readonly text: string | null;
  readonly comment: boolean;
  readonly selected: boolean;
  /** Begins as a token does. */
  readonly token: boolean;
}

export interface SopsLeaves {
  readonly view: SopsView;
  readonly leaves: readonly SopsLeaf[];
}

/** Leaves of every readable sops file or part in a source. */
export function sopsLeavesOf(source: Source): readonly SopsLeaves[] {
  return source.derive(readLeaves);
}

function readLeaves(source: Source): readonly SopsLeaves[] {
  return sopsViewsOf(source).flatMap((view) => {
    if (view.document === null || view.block === null) return [];
    const select = selectorOf(view);
    const leaves: SopsLeaf[] = [];
    const visit = (leaf: Leaf | Comment, context: LeafContext) => {
      leaves.push(toSopsLeaf({ view, leaf, context, select }));
    };
    walkLeaves(view.document.branches, visit, { encrypted: true });
    return [{ view, leaves }];
  });
}

/** sops takes an expression that does not compile for one that matches nothing (SOPS-FORMAT 3). */
function selectorOf({ metadata }: SopsView): Selector {
  try {
    return createSelector(metadata?.selection ?? null, compileRegex);
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return createSelector(metadata?.selection ?? null, () => () => false);
  }
}

interface Visited {
  readonly view: SopsView;
  readonly leaf: Leaf | Comment;
  readonly context: LeafContext;
  readonly select: Selector;
}

function toSopsLeaf({ view, leaf, context, select }: Visited): SopsLeaf {
  const comment = leaf.kind === 'comment';
  const text = textOf(leaf);
  const span = leaf.syntax?.span;
  return {
    path: treePathOf(context.place),
    span:
      span === undefined ? null : { start: span.start + view.offset, end: span.end + view.offset },
    text,
    comment,
    selected: select(context, comment),
    token: text?.startsWith('ENC[AES256_GCM') === true,
  };
}

function textOf(leaf: Leaf | Comment): string | null {
  if (leaf.kind === 'comment') return leaf.text;
  const { scalar } = leaf;
  if (scalar.type === 'null') return null;
  return typeof scalar.value === 'object'
    ? Buffer.from(scalar.value).toString('latin1')
    : String(scalar.value);
}
