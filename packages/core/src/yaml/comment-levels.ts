/** A group of comment lines between two entries of block collections. */
export interface CommentGroup {
  /** Column of each comment, in order. */
  readonly columns: readonly number[];
  /** `blanks[i]`: a blank line stands before comment i; the last one: before what follows. */
  readonly blanks: readonly boolean[];
  /** The collections that are open before the group, outermost first. */
  readonly levels: readonly { readonly column: number; readonly isList: boolean }[];
  /**
   * Column of the entry that follows in the outermost of them, 0 before a document marker, null at
   * the end of the text.
   */
  readonly next: number | null;
  /** The last entry before the group has no value: the group follows its key or its dash. */
  readonly after: 'value' | 'key' | 'dash';
  /**
   * Column at which the last comment ends where the text ends with it, without a line break; else
   * null. sops then keeps the comment in every collection that begins left of that column.
   */
  readonly lastEnd: number | null;
}

/** Comments that sops keeps together. */
interface Block {
  readonly column: number;
  readonly length: number;
  /** It stands right below an entry, and a blank line or the end of the document follows. */
  readonly isFoot: boolean;
}

/**
 * In which of the open collections sops puts each comment, as an index into `levels`: the path of
 * that collection is what a comment's token is bound to (SOPS-FORMAT 1.4 and 4.1).
 *
 * A change of column splits the group into blocks. The collections that end within the group end
 * behind the first block that stands at their own column, the innermost ones first; a list keeps no
 * comment that way, it goes further out. A block that belongs to the entry before it stays in the
 * innermost collection.
 */
export function commentLevels(group: CommentGroup): number[] {
  const foot = footLength(group);
  const blocks = splitBlocks(group, foot);
  const assigned = new Array<number>(blocks.length).fill(0);
  const innermost = group.levels.length - 1;
  const outer = outOfLists(group);
  const ends = blockEnds(group, blocks);
  let done = staysWithEntry(group, blocks, foot) ? 1 : 0;
  if (done > 0) assigned[0] = group.after === 'dash' ? (outer[innermost] ?? 0) : innermost;
  for (let level = innermost; level > 0; level--) {
    const end = ends(group.levels[level]?.column ?? 0);
    for (; done < end; done++) assigned[done] = outer[level] ?? 0;
  }
  if (group.next === null && blocks.at(-1)?.isFoot === false) assigned[blocks.length - 1] = 0;
  return blocks.flatMap((block, at) => new Array<number>(block.length).fill(assigned[at] ?? 0));
}

/**
 * Number of comments that stand right below the entry and end in a blank line. Below a key without a
 * value, those at its column or deeper do not count.
 */
function footLength(group: CommentGroup): number {
  const { columns, blanks, next } = group;
  if (blanks[0] === true) return 0;
  const blank = blanks.indexOf(true);
  const length = blank === -1 ? (next === null ? columns.length : 0) : blank;
  if (group.after !== 'key') return length;
  const innermost = innermostColumn(group);
  return columns.slice(0, length).every((column) => column >= innermost) ? 0 : length;
}

function splitBlocks(group: CommentGroup, foot: number): Block[] {
  const range = { from: 0, to: foot, isFoot: true };
  const rest = { from: foot, to: group.columns.length, isFoot: false };
  return [...splitRange(group, range), ...splitRange(group, rest)];
}

function splitRange(
  group: CommentGroup,
  { from, to, isFoot }: { from: number; to: number; isFoot: boolean },
): Block[] {
  const { columns } = group;
  const blocks: Block[] = [];
  let start = from;
  for (let index = from + 1; index <= to; index++) {
    const column = columns[index] ?? 0;
    const isSame = column === columns[start] || column >= innermostColumn(group);
    if (index < to && isSame) continue;
    blocks.push({ column: columns[start] ?? 0, length: index - start, isFoot });
    start = index;
  }
  return blocks;
}

function innermostColumn({ levels }: CommentGroup): number {
  return levels.at(-1)?.column ?? 0;
}

/** Whether the first block stays in the innermost collection whatever its column. */
function staysWithEntry(group: CommentGroup, blocks: readonly Block[], foot: number): boolean {
  const first = blocks[0];
  if (first === undefined) return false;
  const innermost = innermostColumn(group);
  if (foot > 0) return first.length < foot || first.column >= innermost;
  if (blocks.length > 1) return true;
  return group.next !== null && first.column !== group.next && innermost > group.next;
}

/** For a column: the number of blocks before the end of a collection at that column. */
function blockEnds(group: CommentGroup, blocks: readonly Block[]): (column: number) => number {
  const firstAt = new Map<number, number>();
  for (let at = blocks.length - 1; at >= 0; at--) firstAt.set(blocks[at]?.column ?? 0, at);
  const last = blocks.length - 1;
  const endsApart = group.next === null && blocks[last]?.isFoot === false;
  return (column) => {
    const touchesEnd = group.lastEnd !== null && column <= group.lastEnd;
    const at = firstAt.get(column) ?? (touchesEnd ? last : -1);
    return endsApart && at === last ? last : at + 1;
  };
}

/** For each level the nearest one, itself or further out, that is a map or the outermost. */
function outOfLists({ levels }: CommentGroup): number[] {
  const outer: number[] = [];
  levels.forEach(({ isList }, level) => {
    outer.push(isList && level > 0 ? (outer[level - 1] ?? 0) : level);
  });
  return outer;
}
