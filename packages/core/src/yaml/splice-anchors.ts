import type { Entry, MapNode, Value } from '../document/document.ts';
import {
  aliasTarget,
  type Child,
  childrenOf,
  keyNodeOf,
  type SpliceContext,
} from './splice-context.ts';
import type { YamlSyntax } from './syntax.ts';

/** Whatever is anchored in a child that goes away, or is written anew, says nothing any more. */
export function markChanged(context: SpliceContext, child: Child): void {
  if (child.kind === 'comment' || child.syntax === undefined) return;
  if (child.kind === 'entry') {
    const key = keyNodeOf(child);
    if (key?.anchor !== undefined) context.changed.add(key);
    markChanged(context, child.value);
    return;
  }
  const syntax = child.syntax as YamlSyntax;
  if (syntax.anchor !== undefined) context.changed.add(syntax);
  for (const inner of childrenOf(child)) markChanged(context, inner);
}

/** Every alias of the trees, with the node it refers to. */
export interface Aliases {
  readonly values: ReadonlyMap<YamlSyntax, YamlSyntax>;
  /** Entries whose key is an alias. */
  readonly keys: ReadonlyMap<Entry, YamlSyntax>;
}

export function aliasesOf(roots: readonly MapNode[]): Aliases {
  const values = new Map<YamlSyntax, YamlSyntax>();
  const keys = new Map<Entry, YamlSyntax>();
  const collect = (value: Value): void => {
    const syntax = value.syntax as YamlSyntax | undefined;
    if (syntax === undefined) return;
    const target = aliasTarget(syntax);
    if (target !== null) {
      values.set(syntax, target);
      return;
    }
    for (const child of childrenOf(value)) {
      if (child.kind === 'comment') continue;
      if (child.kind !== 'entry') {
        collect(child);
        continue;
      }
      const key = keyNodeOf(child);
      const keyTarget = key === null ? null : aliasTarget(key);
      if (keyTarget !== null) keys.set(child, keyTarget);
      collect(child.value);
    }
  };
  for (const root of roots) collect(root);
  return { values, keys };
}
