import type { Leaf } from '../document/document.ts';
import { inlineText } from './canonical.ts';
import { CannotSplice, type SpliceContext } from './splice-context.ts';
import { endsLine, lineStart } from './splice-lines.ts';
import type { Place } from './splice-places.ts';
import { commentLines } from './write-comment.ts';

/** Another text for a comment, where it stands. */
export function changeComment({ edits }: SpliceContext, place: Place, text: string): void {
  if (place.child.kind === 'comment' && place.child.text === text) return;
  const [line = '#', ...others] = commentLines(text);
  if (others.length > 0) throw new CannotSplice('a comment of several lines');
  edits.push({ start: place.start, end: place.end, text: line });
}

/** An element that is a token of a comment, as sops writes comments of lists, becomes a comment. */
export function leafToComment({ edits, text }: SpliceContext, place: Place, comment: string): void {
  const [line = '#', ...others] = commentLines(comment);
  const isOneLine = !/[\n\r]/.test(text.slice(place.start, place.end));
  if (others.length > 0 || !place.ownLine || !isOneLine || !endsLine(text, place.end)) {
    throw new CannotSplice('no line of its own');
  }
  edits.push({ start: place.start, end: place.end, text: line });
}

/** A comment on a line of its own becomes an element, its dash at `column`. */
export function commentToLeaf(
  { edits, text, layout }: SpliceContext,
  place: Place,
  { leaf, column }: { leaf: Leaf; column: number },
): void {
  if (!place.ownLine) throw new CannotSplice('no line of its own');
  const value = inlineText(leaf, { column, inner: column + 2 }, layout);
  const start = lineStart(text, place.start);
  edits.push({ start, end: place.end, text: `${' '.repeat(column)}- ${value}` });
}
