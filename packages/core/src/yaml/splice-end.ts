import type { Leaf, MapNode, Value } from '../document/document.ts';
import { applyEdits, type Edit } from '../stores/edits.ts';
import { childrenOf, type SpliceContext, type YamlSource } from './splice-context.ts';
import type { YamlSyntax } from './syntax.ts';

/** Applies the edits. A file without a line break at its end gets none. */
export function finish(
  source: YamlSource,
  context: SpliceContext,
  next: readonly MapNode[],
): string {
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
export function lastLeafOf(root: Value | undefined): Leaf | null {
  let node = root;
  while (node !== undefined && node.kind !== 'leaf') {
    const child = childrenOf(node).at(-1);
    if (child === undefined || child.kind === 'comment') return null;
    node = child.kind === 'entry' ? child.value : child;
  }
  return node ?? null;
}
