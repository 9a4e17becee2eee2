import type { MapNode, Value } from '../document/document.ts';
import { canonicalStream, type Layout, SOPS_LAYOUT } from './canonical.ts';
import { isBreak } from './cursor.ts';
import { type Aliases, aliasesOf } from './splice-anchors.ts';
import {
  CannotSplice,
  childrenOf,
  keyNodeOf,
  type SpliceContext,
  type YamlSource,
} from './splice-context.ts';
import { finish, lastLeafOf } from './splice-end.ts';
import { spliceNode } from './splice-node.ts';
import { spliceRoot } from './splice-root.ts';
import type { YamlSyntax } from './syntax.ts';
import { doubleQuoted } from './write-double.ts';

/**
 * The text with its documents turned into `next`, each the root of a document with its sops block.
 * Nodes that `next` shares with the source keep their bytes; where a change cannot be made in place,
 * the smallest node around it is written anew.
 */
export function spliceYaml(source: YamlSource, next: readonly MapNode[]): string {
  const { text, roots, layout } = source;
  if (roots.length === next.length && roots.every((root, i) => root === next[i])) return text;
  const written = roots.length === next.length ? spliceDocuments(source, next) : null;
  return written ?? canonicalStream(next, { ...SOPS_LAYOUT, newline: layout.newline });
}

/** Rounds of finding aliases whose anchor changed; each may change further anchors. */
const MAX_ROUNDS = 4;

function spliceDocuments(source: YamlSource, next: readonly MapNode[]): string | null {
  const { text, roots, layout } = source;
  const hasEnd = text === '' || isBreak(text.charCodeAt(text.length - 1));
  const base = {
    text: hasEnd ? text : text + layout.newline,
    layout: fileLayout(source),
    lastLeaf: hasEnd ? null : lastLeafOf(next.at(-1)),
    splice: spliceNode,
  };
  const aliases = text.includes('&') ? aliasesOf(roots) : null;
  let expand = new Set<YamlSyntax>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const context: SpliceContext = { ...base, edits: [], changed: new Set(), expand };
    try {
      roots.forEach((old, i) => {
        const root = next[i];
        const document = layout.documents[i];
        if (root !== undefined && document !== undefined)
          spliceRoot(context, { old, next: root, document });
      });
      const dead = aliases === null ? new Set<YamlSyntax>() : deadAliases(aliases, context);
      if ([...dead].every((alias) => expand.has(alias))) {
        if (aliases !== null) writeKeys(aliases, context);
        return finish(source, context, next);
      }
      expand = new Set([...expand, ...dead]);
    } catch (error) {
      if (error instanceof CannotSplice || error instanceof RangeError) return null;
      throw error;
    }
  }
  return null;
}

function deadAliases(aliases: Aliases, { changed }: SpliceContext): Set<YamlSyntax> {
  const dead = new Set<YamlSyntax>();
  for (const [alias, target] of aliases.values) if (changed.has(target)) dead.add(alias);
  return dead;
}

/** Keys that are aliases of what changed are written out. */
function writeKeys({ keys }: Aliases, { edits, changed }: SpliceContext): void {
  const dead = [...keys].filter(([, target]) => changed.has(target));
  if (dead.length === 0) return;
  const gone = [...edits].sort((a, b) => a.start - b.start);
  let next = 0;
  let end = 0;
  for (const [entry] of dead) {
    const span = keyNodeOf(entry)?.span;
    if (span === undefined) continue;
    for (
      let edit = gone[next];
      edit !== undefined && edit.start <= span.start;
      edit = gone[++next]
    ) {
      end = Math.max(end, edit.end);
    }
    if (end < span.end) edits.push({ ...span, text: doubleQuoted(entry.key) });
  }
}

/** New lines are indented as the file indents. */
function fileLayout({ roots, layout }: YamlSource): Layout {
  let indent: number | undefined;
  const look = (value: Value): void => {
    for (const child of childrenOf(value)) {
      if (indent !== undefined) return;
      if (child.kind === 'comment' || (child.kind === 'entry' && child.key === 'sops')) continue;
      const inner = child.kind === 'entry' ? child.value : child;
      const { style, column = 0, parentColumn = 0 } = (inner.syntax ?? {}) as Partial<YamlSyntax>;
      const width = column - parentColumn;
      if (style === 'block' && child.kind === 'entry' && width >= 2 && width <= 9) indent = width;
      else look(inner);
    }
  };
  for (const root of roots) look(root);
  return { indent: indent ?? SOPS_LAYOUT.indent, newline: layout.newline, isPart: true };
}
