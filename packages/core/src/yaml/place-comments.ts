import { endOfText, hasBlankLine } from './blank-lines.ts';
import { type CommentGroup, commentLevels } from './comment-levels.ts';
import type { YamlComment, YamlList, YamlMap, YamlNode } from './nodes.ts';
import type { YamlStream } from './parse.ts';

/** A comment at its place in sops' tree. */
export interface PlacedComment {
  readonly comment: YamlComment;
  /** The pair or element before which it stands; their number for the end. */
  readonly index: number;
  /** It stands behind the value of that pair or element. */
  readonly inline: boolean;
}

/** Comments by the map or list that they belong to (or by an empty root), by index. */
export type CommentPlaces = ReadonlyMap<YamlNode, readonly PlacedComment[]>;

type Collection = YamlMap | YamlList;

interface Placing {
  readonly text: string;
  readonly comments: readonly YamlComment[];
  /** The first comment that has no place yet. */
  next: number;
  readonly places: Map<YamlNode, PlacedComment[]>;
}

/** Where sops puts each comment of the text (SOPS-FORMAT 4.1, the table of comments). */
export function placeComments(text: string, stream: YamlStream): CommentPlaces {
  const placing: Placing = { text, comments: stream.comments, next: 0, places: new Map() };
  if (stream.comments.length === 0) return placing.places;
  const last = stream.documents.at(-1);
  for (const document of stream.documents) {
    const isOpen = document === last && document.endMarker === null;
    placeInDocument(placing, document.root, { limit: document.end, next: isOpen ? null : 0 });
  }
  if (last !== undefined) placeAtEnd(placing, last.root, text.length);
  return placing.places;
}

function placeInDocument(
  placing: Placing,
  root: YamlNode,
  { limit, next }: { limit: number; next: number | null },
): void {
  if (!isCollection(root)) {
    placeAtEnd(placing, root, limit);
    return;
  }
  for (const comment of take(placing, root.span.start)) {
    put(placing, root, { comment, index: 0, inline: false });
  }
  placeInside(placing, root);
  const index = childCount(root);
  if (root.style === 'block') placeBetween(placing, root, { index, limit, next, isEnd: true });
  else placeAtEnd(placing, root, limit);
}

/** Comments behind a flow root or `...`, and those of an empty document. */
function placeAtEnd(placing: Placing, root: YamlNode, limit: number): void {
  const index = isCollection(root) ? childCount(root) : 0;
  for (const comment of take(placing, limit)) {
    if (comment.trailing && root.style === 'flow') putFirst(placing, root, comment);
    else put(placing, root, { comment, index, inline: false });
  }
}

/** The comments that begin before that offset and have no place yet. */
function take(placing: Placing, limit: number): readonly YamlComment[] {
  let comment = placing.comments[placing.next];
  if (comment === undefined || comment.span.start >= limit) return NO_COMMENTS;
  const taken: YamlComment[] = [];
  while (comment !== undefined && comment.span.start < limit) {
    taken.push(comment);
    comment = placing.comments[++placing.next];
  }
  return taken;
}

const NO_COMMENTS: readonly YamlComment[] = [];

function put(placing: Placing, node: YamlNode, placed: PlacedComment): void {
  const places = placing.places.get(node);
  if (places === undefined) placing.places.set(node, [placed]);
  else places.push(placed);
}

function childCount(node: Collection): number {
  return node.kind === 'map' ? node.pairs.length : node.elements.length;
}

function valueAt(node: Collection, index: number): YamlNode | undefined {
  return node.kind === 'map' ? node.pairs[index]?.value : node.elements[index];
}

function isCollection(node: YamlNode | undefined): node is Collection {
  return node?.kind === 'map' || node?.kind === 'list';
}

/** Comments between the first character of a collection and its last. */
function placeInside(placing: Placing, node: Collection): void {
  const count = childCount(node);
  for (let index = 0; index < count; index++) {
    const comment = placing.comments[placing.next];
    if (comment === undefined || comment.span.start >= node.span.end) return;
    const value = valueAt(node, index);
    if (value === undefined) continue;
    const limit = node.kind === 'map' ? node.pairs[index]?.entryStart : node.starts[index];
    placeBetween(placing, node, { index, limit: limit ?? 0, next: node.column ?? 0, isEnd: false });
    placeInEntry(placing, node, { index, value });
  }
  if (node.style === 'flow') {
    placeBetween(placing, node, { index: count, limit: node.span.end, next: null, isEnd: false });
  }
}

interface Entry {
  readonly index: number;
  readonly value: YamlNode;
}

/** Comments behind a key or a dash, and those in the value. */
function placeInEntry(placing: Placing, node: Collection, { index, value }: Entry): void {
  for (const comment of take(placing, value.outerStart)) {
    const heads = isCollection(value) && (node.kind === 'list' || !comment.trailing);
    if (heads) put(placing, value, { comment, index: 0, inline: false });
    else put(placing, node, { comment, index, inline: false });
  }
  for (const comment of take(placing, value.span.start)) {
    if (isCollection(value)) put(placing, value, { comment, index: 0, inline: false });
    else put(placing, node, { comment, index, inline: comment.trailing });
  }
  if (isCollection(value)) placeInside(placing, value);
  else
    for (const comment of take(placing, value.span.end))
      put(placing, node, { comment, index, inline: true });
}

interface Gap {
  /** The entry before which the gap is. */
  readonly index: number;
  readonly limit: number;
  /** Column of what follows, null at the end of the text. */
  readonly next: number | null;
  /** It is the end of the document. */
  readonly isEnd: boolean;
}

/** Comments between two entries of a collection, or behind its last one. */
function placeBetween(
  placing: Placing,
  node: Collection,
  { index, limit, next, isEnd }: Gap,
): void {
  let comments = take(placing, limit);
  const first = comments[0];
  if (first === undefined) return;
  if (node.style === 'flow') {
    for (const comment of comments) placeInFlow(placing, node, { comment, index });
    return;
  }
  const open = openCollections(node, index);
  const owner = open.at(-1) ?? node;
  const last = owner === node ? index - 1 : childCount(owner) - 1;
  const value = valueAt(owner, last);
  const after = value?.style !== 'absent' ? 'value' : owner.kind === 'map' ? 'key' : 'dash';
  let from = endOfText(placing.text, value?.span.end ?? 0);
  if (first.trailing) {
    if (after === 'dash') placeOutside(placing, open, { comment: first, index });
    else placeTrailing(placing, owner, { comment: first, index: last });
    comments = comments.slice(1);
    from = first.span.end;
  }
  placeLines(placing, { open, comments, from, after, index, limit, next, isEnd });
}

/** A comment behind a dash without a value goes out of the lists that end there. */
function placeOutside(
  placing: Placing,
  open: readonly Collection[],
  { comment, index }: { comment: YamlComment; index: number },
): void {
  let level = open.length - 1;
  while (level > 0 && open[level]?.kind === 'list') level--;
  const node = open[level];
  if (node === undefined) return;
  put(placing, node, { comment, index: level === 0 ? index : childCount(node), inline: false });
}

function placeInFlow(
  placing: Placing,
  node: Collection,
  { comment, index }: { comment: YamlComment; index: number },
): void {
  if (comment.trailing && index > 0) placeTrailing(placing, node, { comment, index: index - 1 });
  else put(placing, node, { comment, index, inline: false });
}

/** A comment behind a value on its line. */
function placeTrailing(
  placing: Placing,
  node: Collection,
  { comment, index }: { comment: YamlComment; index: number },
): void {
  const value = valueAt(node, index);
  if (isCollection(value) && node.kind === 'map') putFirst(placing, value, comment);
  else put(placing, node, { comment, index, inline: value?.style !== 'absent' });
}

/** Behind the comments above the node, before those in it. */
function putFirst(placing: Placing, node: YamlNode, comment: YamlComment): void {
  const places = placing.places.get(node) ?? [];
  const inside = places.findIndex((place) => place.comment.span.start > node.span.start);
  places.splice(inside === -1 ? places.length : inside, 0, { comment, index: 0, inline: false });
  placing.places.set(node, places);
}

interface Lines extends Gap {
  readonly open: readonly Collection[];
  /** Each on a line of its own. */
  readonly comments: readonly YamlComment[];
  /** Where the value or comment before them ends. */
  readonly from: number;
  readonly after: CommentGroup['after'];
}

function placeLines(placing: Placing, lines: Lines): void {
  const { open, comments, index } = lines;
  const outermost = open[0];
  if (outermost === undefined || comments.length === 0) return;
  const blanks = blankLines(placing.text, lines);
  const getsBlock = lines.isEnd && !hasSopsBlock(outermost);
  const levels = commentLevels({
    columns: comments.map(({ column }) => column),
    blanks: getsBlock ? [...blanks.slice(0, -1), false] : blanks,
    levels: open.map(({ column, kind }) => ({ column: column ?? 0, isList: kind === 'list' })),
    next: getsBlock ? (outermost.column ?? 0) : lines.next,
    after: lines.after,
    lastEnd: getsBlock ? null : endColumn(placing.text, comments.at(-1)),
  });
  comments.forEach((comment, at) => {
    const node = open[levels[at] ?? 0] ?? outermost;
    const before = node === outermost ? index : childCount(node);
    put(placing, node, { comment, index: before, inline: false });
  });
}

/**
 * Encrypting puts a sops block behind the last comment of a plain document, and a token is bound to the
 * collection in which the encrypted file is read: so comments go where they will be then.
 */
function hasSopsBlock(root: Collection): boolean {
  if (root.kind !== 'map') return false;
  return root.pairs.some(({ key }) => key.kind === 'scalar' && key.value === 'sops');
}

function endColumn(text: string, comment: YamlComment | undefined): number | null {
  if (comment === undefined || comment.span.end < text.length) return null;
  return comment.column + comment.span.end - comment.span.start;
}

/**
 * Whether a blank line stands before each comment, and before what follows them. sops takes the CR LF
 * that ends a comment for two line breaks.
 */
function blankLines(text: string, { comments, from, limit }: Lines): boolean[] {
  const ends = comments.map(({ span }) => span.end);
  const nexts = [...comments.map(({ span }) => span.start), limit];
  return nexts.map((next, at) => {
    const end = ends[at - 1];
    if (end === undefined) return hasBlankLine(text, from, next);
    return text.startsWith('\r\n', end) || hasBlankLine(text, end, next);
  });
}

/** The block collections that end with the last entry before that index, outermost first. */
function openCollections(node: Collection, index: number): Collection[] {
  const open = [node];
  let last = valueAt(node, index - 1);
  while (isCollection(last) && last.style === 'block') {
    open.push(last);
    last = valueAt(last, childCount(last) - 1);
  }
  return open;
}
