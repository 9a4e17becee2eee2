import type { Comment, Span, Syntax } from '../document/document.ts';
import type { Edit } from './edits.ts';
import { trimmedEnd } from './ini-space.ts';
import { isCommentMark } from './ini-value.ts';

/**
 * sops joins the comment lines above a key or section, and the comment behind it, into one text. When
 * that becomes one token, what the further lines leave behind are place holders: a form feed, which
 * every reader of INI takes for white space. So decrypting finds the places again.
 */
export interface IniCommentSyntax extends Syntax {
  /** The places its lines stand at: the first behind its marks, the others with them. */
  readonly parts: readonly Span[];
  /** Place holders that follow it. */
  readonly slots: readonly Span[];
  /** Start of the line it belongs to; null for one that belongs to nothing. */
  readonly owner: number | null;
  /** The last part stands behind the value or section name. */
  readonly inline: boolean;
  /** It belongs to a section: behind `[name]` no `]` may stand, and every token has one. */
  readonly ofSection: boolean;
  /** Where the marks of the first part begin. */
  readonly markStart: number;
}

const PLACE_HOLDER = '\f';
/** Place holders kept of one comment. */
export const MAX_SLOTS = 10_000;

/** Comment lines that were read and do not belong to anything yet. */
export interface PendingComment {
  /** From the mark to the end of the line. */
  readonly lines: Span[];
  readonly slots: Span[];
}

export interface CommentOwner {
  /** Start of the line that the comment belongs to; null: none follows. */
  readonly owner: number | null;
  readonly inline: Span | null;
  readonly ofSection: boolean;
  /** What follows the value on its line, where place holders may stand. */
  readonly tail: Span | null;
}

/** The comment of a key or section, null when nothing says anything about it. */
export function makeComment(
  text: string,
  pending: PendingComment,
  { owner, inline, ofSection, tail }: CommentOwner,
): Comment | null {
  const raw = inline === null ? pending.lines : [...pending.lines, inline];
  const [first] = raw;
  if (first === undefined) return null;
  const last = raw.length - 1;
  const parts = raw.map(({ start, end }, index) => ({
    start: index === 0 ? afterMarks(text, start, end) : start,
    end: index === last ? trimmedEnd(text, start, end) : end,
  }));
  const slots = tail === null ? pending.slots : [...pending.slots, ...placeHolders(text, tail)];
  const syntax: IniCommentSyntax = {
    span: parts[0] ?? first,
    parts: parts.map((part) => ({ start: part.start, end: Math.max(part.start, part.end) })),
    slots,
    owner,
    inline: inline !== null,
    ofSection,
    markStart: first.start,
  };
  const [head = '', ...more] = syntax.parts.map((part) => text.slice(part.start, part.end));
  const lines = [head === '' && more.length > 0 ? marksOf(text, syntax) : head, ...more];
  return { kind: 'comment', text: lines.join('\n'), inline: false, syntax };
}

/**
 * What stands before the first part. It is the first line of a comment whose first line holds nothing
 * else: sops panics when it writes a comment that begins with an empty line.
 */
function marksOf(text: string, { markStart, parts }: IniCommentSyntax): string {
  return text.slice(markStart, parts[0]?.start).trimEnd();
}

function afterMarks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (isCommentMark(text.charAt(at)) || text.charAt(at) === ' ')) at++;
  return at;
}

export function placeHolders(text: string, { start, end }: Span): Span[] {
  const found: Span[] = [];
  for (let at = start; at < end && found.length < MAX_SLOTS; at++) {
    if (text.charAt(at) === PLACE_HOLDER) found.push({ start: at, end: at + 1 });
  }
  return found;
}

/** The file a comment is changed in. */
interface CommentFile {
  readonly text: string;
  readonly newline: string;
}

/** The edits that give a comment another text. */
export function commentEdits(file: CommentFile, syntax: IniCommentSyntax, next: string): Edit[] {
  const { text } = file;
  const [head = '', ...rest] = next.split('\n');
  const stands = rest.length > 0 && head === marksOf(text, syntax);
  const lines = [stands ? '' : head, ...rest.map(marked)];
  const { parts, slots } = syntax;
  if (syntax.ofSection && parts.length === 1 && lines.length === 1) {
    return sectionComment(file, syntax, lines[0] ?? '');
  }
  if (lines.length === parts.length) return placed(text, parts, lines);
  const [first, ...others] = parts;
  const [line = '', ...more] = lines;
  if (first === undefined) return [];
  if (more.length === 0) return collapsed(text, syntax, line);
  if (others.length === 0 && slots.length >= more.length)
    return placed(text, [first, ...slots], lines);
  return rewritten(file, syntax, lines);
}

function placed(text: string, places: readonly Span[], lines: readonly string[]): Edit[] {
  return lines.flatMap((line, index) => {
    const place = places[index];
    if (place === undefined) return [];
    const span = withoutCr(text, place);
    const hasCr = line.endsWith('\r') && text.charAt(span.end) === '\r';
    return [{ ...span, text: hasCr ? line.slice(0, -1) : line }];
  });
}

/** In a file with CR LF, sops takes the CR of all comment lines but the last as text: it stays there. */
function withoutCr(text: string, { start, end }: Span): Span {
  return { start, end: end > start && text.charAt(end - 1) === '\r' ? end - 1 : end };
}

/**
 * A comment behind a section's name goes above it when it becomes a token, with its marks, and from
 * there back to its place holder.
 */
function sectionComment(
  { text, newline }: CommentFile,
  syntax: IniCommentSyntax,
  line: string,
): Edit[] {
  const { parts, slots, inline, markStart, owner } = syntax;
  const [part] = parts;
  const [slot] = slots;
  if (part === undefined || owner === null) return [];
  const marks = text.slice(markStart, part.start);
  if (inline && line.includes(']')) {
    return [
      { start: owner, end: owner, text: marks + line + newline },
      { start: markStart, end: part.end, text: PLACE_HOLDER },
    ];
  }
  if (!inline && slot !== undefined && slot.start > owner && !line.includes(']')) {
    const { start, end } = wholeLine(text, markStart, part.end);
    return [
      { start, end, text: '' },
      { ...slot, text: marks + line },
    ];
  }
  return [{ ...part, text: line }];
}

/** The lines that a stretch of text stands on, with their line break, as if the last had one. */
export function wholeLine(text: string, start: number, end: number): Span {
  const lineBreak = text.indexOf('\n', end);
  return {
    start: text.lastIndexOf('\n', start - 1) + 1,
    end: (lineBreak === -1 ? text.length : lineBreak) + 1,
  };
}

/** Several lines become one: lines directly below each other vanish, others leave place holders. */
function collapsed(text: string, { parts, markStart }: IniCommentSyntax, line: string): Edit[] {
  const [first, ...others] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return [];
  const gap = `\n${indentOf(text, markStart)}`;
  const adjacent = others.every((part, index) => text.slice(parts[index]?.end, part.start) === gap);
  if (adjacent) return [{ start: first.start, end: last.end, text: line }];
  return placed(text, parts, [line, ...others.map(() => PLACE_HOLDER)]);
}

/** All lines go above what the comment belongs to. */
function rewritten(
  { text, newline }: CommentFile,
  syntax: IniCommentSyntax,
  lines: readonly string[],
): Edit[] {
  const { parts, owner, inline, markStart } = syntax;
  const own = inline ? parts.slice(0, -1) : parts;
  const tail = inline ? parts.at(-1) : undefined;
  const [first] = own;
  const last = own.at(-1);
  const indent = indentOf(text, first === undefined ? (owner ?? 0) : markStart);
  const edits: Edit[] = [];
  if (first !== undefined && last !== undefined) {
    edits.push({ start: first.start, end: last.end, text: lines.join(`\n${indent}`) });
  } else {
    const at = owner ?? 0;
    const joined = lines.map((line) => line.replace(/\r$/, '')).join(newline + indent);
    edits.push({ start: at, end: at, text: `${indent}; ${joined}${newline}` });
  }
  if (tail !== undefined) {
    edits.push({ start: first === undefined ? markStart : tail.start, end: tail.end, text: '' });
  }
  return edits;
}

/** A further line of a comment brings its own mark. */
function marked(line: string): string {
  return isCommentMark(line.charAt(0)) ? line : `; ${line}`;
}

function indentOf(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}
