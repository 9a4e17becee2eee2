import type { Entry, Leaf, MapNode, Value } from '../document/document.ts';
import { mergeValue } from '../document/merge.ts';
import { applyEdits, type Edit } from '../stores/edits.ts';
import { canonicalStream, type Layout, SOPS_LAYOUT } from './canonical.ts';
import { isBreak } from './cursor.ts';
import { type Aliases, aliasesOf } from './splice-anchors.ts';
import { CannotSplice, childrenOf, keyNodeOf, type SpliceContext } from './splice-context.ts';
import { spliceNode } from './splice-node.ts';
import { spliceRoot } from './splice-root.ts';
import type { YamlLayout, YamlSyntax } from './syntax.ts';
import { doubleQuoted } from './write-double.ts';

/** A YAML text as it was read. */
export interface YamlSource {
  readonly text: string;
  /** The root of each document, its `sops` entry included. */
  readonly roots: readonly MapNode[];
  readonly layout: YamlLayout;
}

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

/** Applies the edits. A file without a line break at its end gets none. */
function finish(source: YamlSource, context: SpliceContext, next: readonly MapNode[]): string {
  const { edits, text } = context;
  if (edits.length === 0) return source.text;
  if (text === source.text) return applyEdits(text, edits);
  const old = lastLeafOf(source.roots.at(-1));
  if (old !== null) keepUnended(context, old);
  const written = applyEdits(text, edits);
  const { newline } = source.layout;
  const last = lastLeafOf(next.at(-1));
  const mayEnd = last === null || !endsWithBreak(last) || (last === old && isQuoted(last));
  return mayEnd && written.endsWith(newline) ? written.slice(0, -newline.length) : written;
}

/**
 * A block scalar that ends a file without a final line break has none in its value. Once lines
 * follow it, its header must say so.
 */
function keepUnended({ edits, text }: SpliceContext, leaf: Leaf): void {
  const { block, span } = (leaf.syntax ?? {}) as Partial<YamlSyntax>;
  if (
    block === undefined ||
    span === undefined ||
    block.chomping === 'strip' ||
    endsWithBreak(leaf)
  )
    return;
  const symbols = /[|>][0-9]?\+?[0-9]?/y;
  symbols.lastIndex = block.header.start;
  const header = symbols.exec(text)?.[0] ?? '';
  const start = block.header.start;
  const end = start + header.length;
  const isTouched = (edit: Edit): boolean =>
    (edit.start < end && edit.end > start) ||
    (edit.start < span.end && edit.end > block.header.end);
  const isFollowed = edits.some((edit) => edit.start >= span.end && edit.text !== '');
  if (!isFollowed || edits.some(isTouched)) return;
  edits.push({ start, end, text: `${header.replace('+', '')}-` });
}

function endsWithBreak({ scalar }: Leaf): boolean {
  return scalar.type === 'str' && String(scalar.value).endsWith('\n');
}

function isQuoted(leaf: Leaf): boolean {
  const { style } = (leaf.syntax ?? {}) as Partial<YamlSyntax>;
  return style === 'double' || style === 'single';
}

/** The leaf that ends a document; null where a comment or an empty collection does. */
function lastLeafOf(root: Value | undefined): Leaf | null {
  let node = root;
  while (node !== undefined && node.kind !== 'leaf') {
    const child = childrenOf(node).at(-1);
    if (child === undefined || child.kind === 'comment') return null;
    node = child.kind === 'entry' ? child.value : child;
  }
  return node ?? null;
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

/**
 * The items of a root with its sops block: merged into the old one where it stood, else last.
 * @param old the root as it was read, `sops` entry included
 */
export function withBlock(old: MapNode, next: MapNode, block: MapNode | null): MapNode {
  const at = old.items.findLastIndex((item) => item.kind === 'entry' && item.key === 'sops');
  const previous = old.items[at];
  if (block === null) {
    if (at === -1) return isSameMap(old, next) ? old : next;
    return { ...next, items: next.items };
  }
  const entry: Entry = { kind: 'entry', key: 'sops', value: block };
  if (previous?.kind !== 'entry') return { ...next, items: [...next.items, entry] };
  const value = mergeValue(previous.value, block);
  const merged = value === previous.value ? previous : { ...previous, value };
  const behind = new Set(old.items.slice(at + 1));
  const keysBehind = new Set(
    old.items.slice(at + 1).map((item) => (item.kind === 'entry' ? item.key : null)),
  );
  keysBehind.delete(null);
  let place = next.items.findIndex(
    (item) => behind.has(item) || (item.kind === 'entry' && keysBehind.has(item.key)),
  );
  if (place === -1) place = next.items.length;
  const items = [...next.items.slice(0, place), merged, ...next.items.slice(place)];
  const isSame =
    items.length === old.items.length && items.every((item, i) => item === old.items[i]);
  return isSame ? old : { ...next, items };
}

function isSameMap(old: MapNode, next: MapNode): boolean {
  return (
    old === next ||
    (old.items.length === next.items.length && old.items.every((item, i) => item === next.items[i]))
  );
}
