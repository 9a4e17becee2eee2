import type { Comment, Document, Entry, Item, Leaf, Span } from '../document/document.ts';
import { sameScalar } from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { align } from './align.ts';
import type { Edit } from './edits.ts';
import { applyEdits } from './edits.ts';
import type { IniCommentSyntax } from './ini-comment.ts';
import { commentEdits, wholeLine } from './ini-comment.ts';
import type { IniKeySyntax, IniLayout, IniSectionSyntax, IniValueSyntax } from './ini-parse.ts';
import { lineEndAt } from './ini-space.ts';
import { commentLines, iniKey, iniText, iniValue, itemsOf, sectionText } from './ini-write.ts';
import { singleBranch } from './single-branch.ts';

/** What the edits of a file need to know of it. */
export interface IniFile {
  readonly text: string;
  readonly newline: string;
  readonly layout: IniLayout;
}

/**
 * The edits that turn the old sections into the new ones; the sops block is not among them.
 * @throws TidelockError ERR_EMIT where INI cannot hold the value, and for a key that the section has
 * twice: its other value is in no tree and would stay as it is
 */
export function spliceSections(document: Document, file: IniFile): Edit[] {
  const old = document.origin?.branches[0]?.items ?? [];
  const next = singleBranch(document, 'ini').items;
  const splicer = new IniSplicer(file);
  splicer.sections(old.filter(isEntry), next.filter(isEntry));
  splicer.looseComments(old.filter(isComment), next.filter(isComment));
  return splicer.finish();
}

/** A key with the comments about it; without a key those of the section. */
interface Unit {
  readonly entry: Entry | null;
  readonly comments: readonly Comment[];
}

class IniSplicer {
  readonly #edits: Edit[] = [];
  readonly #removed: Span[] = [];
  readonly #file: IniFile;

  constructor(file: IniFile) {
    this.#file = file;
  }

  sections(old: readonly Entry[], next: readonly Entry[]): void {
    let at = startOfText(this.#file.text);
    for (const step of align(old, next, (section) => section.key)) {
      if (step.old === null) {
        if (step.next !== null)
          this.#addSection(at, step.next, at === startOfText(this.#file.text));
        continue;
      }
      const { region } = sectionSyntax(step.old);
      at = region.end;
      if (step.next === null) this.#removeSection(step.old);
      else if (step.old !== step.next) this.#section(step.old, step.next);
    }
  }

  looseComments(old: readonly Comment[], next: readonly Comment[]): void {
    for (const step of align(old, next, () => '')) {
      if (step.old !== null) this.#comment(step.old, step.next);
    }
  }

  /** The edits, without those within lines that go as a whole. */
  finish(): Edit[] {
    const removed = [...this.#removed].sort((a, b) => a.start - b.start);
    const ordered = [...this.#edits].sort((a, b) => a.start - b.start || a.end - b.end);
    const kept: Edit[] = [];
    let next = 0;
    for (const edit of ordered) {
      while ((removed[next]?.end ?? Infinity) <= edit.start) next++;
      const span = removed[next];
      const inside = span !== undefined && span.start <= edit.start && edit.end <= span.end;
      const before = edit.start === edit.end && edit.start === span?.start;
      if (!inside || before) kept.push(edit);
    }
    return [...kept, ...removed.map((span) => ({ ...span, text: '' }))];
  }

  #section(old: Entry, next: Entry): void {
    const { header, region } = sectionSyntax(old);
    const width = keyWidth(old);
    let at = header?.end ?? region.start;
    for (const step of align(unitsOf(old), unitsOf(next), unitKey)) {
      const entry = step.old?.entry ?? null;
      if (step.old === null) {
        if (step.next !== null) this.#addUnit(at, step.next, { width, bare: at === region.start });
        continue;
      }
      const above = entry === null ? (header?.start ?? null) : lineOf(entry).start;
      const about = this.#edits.length;
      this.#comments(step.old, step.next, above);
      if (entry === null) continue;
      at = lineOf(entry).end;
      if (step.next === null) this.#removeKey(entry);
      else if (step.next.entry !== null)
        this.#value(entry, step.next.entry, this.#edits.slice(about));
    }
  }

  /** @param behind the edits of the comment, which may stand on the same line */
  #value(old: Entry, next: Entry, behind: readonly Edit[]): void {
    const before = leafOf(old);
    if (next.value === before) return;
    const text = iniText(next);
    if (next.value.kind === 'leaf' && sameScalar(before.scalar, next.value.scalar)) return;
    this.#refuseRepeated(old);
    const { span, style } = before.syntax as IniValueSyntax;
    const source = this.#file.text;
    const lineEnd = lineEndAt(source, span.end);
    const suffix = applyEdits(
      source.slice(span.end, lineEnd),
      behind
        .filter((edit) => edit.start >= span.end && edit.end <= lineEnd)
        .map(({ start, end, text: put }) => ({
          start: start - span.end,
          end: end - span.end,
          text: put,
        })),
    );
    const written = iniValue(text, { style, suffix });
    const tight =
      span.start === span.end &&
      /[ \t][=:]$/.test(source.slice(Math.max(0, span.start - 2), span.start));
    this.#edits.push({ ...span, text: tight ? ` ${written}` : written });
  }

  #comments(old: Unit, next: Unit | null, above: number | null): void {
    const [before] = old.comments;
    const after = next?.comments[0];
    if (before !== undefined) this.#comment(before, after ?? null);
    else if (after !== undefined && after.text !== '' && above !== null) {
      this.#insert(above, commentLines(after.text, true));
    }
  }

  #comment(old: Comment, next: Comment | null): void {
    if (old === next || old.text === next?.text) return;
    const syntax = old.syntax as IniCommentSyntax;
    const { text } = this.#file;
    if (next !== null) {
      this.#edits.push(...commentEdits(this.#file, syntax, next.text));
      return;
    }
    syntax.parts.forEach((part, index) => {
      const start = index === 0 ? syntax.markStart : part.start;
      const tail = syntax.inline && index === syntax.parts.length - 1;
      if (tail) this.#edits.push({ start, end: part.end, text: '' });
      else this.#removed.push(wholeLine(text, start, part.end));
    });
  }

  #addUnit(at: number, unit: Unit, { width, bare }: { width: number; bare: boolean }): void {
    if (unit.entry === null) return;
    const comment = unit.comments.at(-1)?.text ?? '';
    const key = iniKey(unit.entry.key);
    const pad = ' '.repeat(Math.max(0, width - Buffer.byteLength(key)));
    const value = iniValue(iniText(unit.entry), { suffix: '' });
    const lines = [...commentLines(comment, true), `${key}${pad} = ${value}`];
    const needsGap = bare && this.#file.text.startsWith('[', at);
    this.#insert(at, needsGap ? [...lines, ''] : lines);
  }

  #addSection(at: number, section: Entry, first: boolean): void {
    const withoutHeader = first && section.key === 'DEFAULT';
    const lines = sectionText(section, withoutHeader).split('\n').slice(0, -1);
    const emptyFile = this.#file.text.length <= at;
    if (lines.length > 0)
      this.#insert(at, first ? [...lines, ...(emptyFile ? [] : [''])] : ['', ...lines]);
  }

  #insert(at: number, lines: readonly string[]): void {
    const { newline } = this.#file;
    this.#edits.push({ start: at, end: at, text: lines.map((line) => line + newline).join('') });
  }

  #removeKey(entry: Entry): void {
    this.#refuseRepeated(entry);
    this.#removed.push(lineOf(entry));
  }

  #removeSection(section: Entry): void {
    const { region } = sectionSyntax(section);
    const blank = /^\r?\n/.exec(this.#file.text.slice(region.end, region.end + 2))?.[0] ?? '';
    this.#removed.push({ start: region.start, end: region.end + blank.length });
  }

  #refuseRepeated(entry: Entry): void {
    if (keySyntax(entry).repeated) throw repeatedKey(this.#file, entry.key);
  }
}

/** The refusal to change a key that a section has several times. */
export function repeatedKey({ text, layout }: IniFile, key?: string): TidelockError {
  const first = layout.repeated.find((again) => key === undefined || again.key === key);
  return new TidelockError(
    'ERR_EMIT',
    `The key "${first?.key ?? ''}" stands in its section again: sops would keep the last value only.`,
    {
      hint: 'Remove or rename all but one of them.',
      ...(first === undefined ? {} : { position: positionAt(text, first.offset) }),
    },
  );
}

function unitsOf(section: Entry): Unit[] {
  const units: { entry: Entry | null; comments: Comment[] }[] = [{ entry: null, comments: [] }];
  for (const item of itemsOf(section)) {
    if (item.kind === 'entry') units.push({ entry: item, comments: [] });
    else units.at(-1)?.comments.push(item);
  }
  return units;
}

function unitKey(unit: Unit): string {
  return unit.entry === null ? '' : `=${unit.entry.key}`;
}

/** What the keys of a section are padded to, in bytes; 0 where they are not aligned. */
function keyWidth(section: Entry): number {
  const widths = unitsOf(section).flatMap(({ entry }) => {
    if (entry?.syntax === undefined) return [];
    const value = leafOf(entry).syntax?.span;
    return value === undefined ? [] : [value.start - entry.syntax.span.start - 3];
  });
  return widths.every((width) => width === widths[0]) ? (widths[0] ?? 0) : 0;
}

function startOfText(text: string): number {
  return text.startsWith('\ufeff') ? 1 : 0;
}

function sectionSyntax(section: Entry): IniSectionSyntax {
  if (section.syntax === undefined)
    throw new TypeError('a section of the source has no place in it');
  return section.syntax as IniSectionSyntax;
}

function keySyntax(entry: Entry): IniKeySyntax {
  if (entry.syntax === undefined) throw new TypeError('a key of the source has no place in it');
  return entry.syntax as IniKeySyntax;
}

function lineOf(entry: Entry): Span {
  return keySyntax(entry).line;
}

function leafOf(entry: Entry): Leaf {
  if (entry.value.kind !== 'leaf') throw new TypeError('a value of the source is no leaf');
  return entry.value;
}

function isEntry(item: Item): item is Entry {
  return item.kind === 'entry';
}

function isComment(item: Item): item is Comment {
  return item.kind === 'comment';
}
