import type {
  Comment,
  Document,
  Entry,
  Item,
  Leaf,
  MapNode,
  Span,
  Syntax,
} from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { unflatten } from './flatten.ts';
import type { PendingComment } from './ini-comment.ts';
import { MAX_SLOTS, makeComment, placeHolders } from './ini-comment.ts';
import { readIniKey } from './ini-key.ts';
import { lineEndAt, skipSpace } from './ini-space.ts';
import type { IniStyle, IniValue } from './ini-value.ts';
import { commentBehind, isCommentMark, readIniValue } from './ini-value.ts';
import { MAX_LINES_ITEMS, readText, tooLarge } from './read-text.ts';

/** A value: `span` has its quotes. */
export interface IniValueSyntax extends Syntax {
  readonly style: IniStyle;
}

/** A key: its lines with the last line break, as if the file ended with one. */
export interface IniKeySyntax extends Syntax {
  readonly line: Span;
  /** The section has it further up with another value, which no tree holds. */
  readonly repeated: boolean;
}

/** A section's name. */
export interface IniSectionSyntax extends Syntax {
  /** From its first comment line or its header to behind its last key. */
  readonly region: Span;
  /** null for the keys before the first header. */
  readonly header: Span | null;
}

/** One line of the `[sops]` section. */
export interface IniMetadataLine {
  readonly key: string;
  readonly value: IniValue;
  readonly line: Span;
}

export interface IniBlock {
  readonly header: Span;
  readonly lines: readonly IniMetadataLine[];
}

/** `Origin.layout` of the INI store. */
export interface IniLayout {
  readonly block: IniBlock | null;
  /** Keys that stand in a section again: sops knows the last value only. */
  readonly repeated: readonly { readonly key: string; readonly offset: number }[];
}

/**
 * SOPS-FORMAT 4.5. Comments that sops would drop (behind the last key, above `[sops]`) are items of
 * the root, so that they can be encrypted too.
 * @throws TidelockError ERR_PARSE, ERR_METADATA, ERR_NOT_UTF8, ERR_TOO_LARGE
 */
export function parseIni(bytes: Uint8Array): Document {
  const text = readText(bytes);
  const reader = new IniReader(text);
  reader.read();
  const branch = reader.branch();
  const block = reader.block === null ? null : unflatten(metadataPairs(reader.block));
  const layout: IniLayout = { block: reader.block, repeated: reader.repeated };
  return {
    format: 'ini',
    branches: [branch],
    block,
    origin: { text, branches: [branch], blocks: [block], layout },
  };
}

function metadataPairs({ lines }: IniBlock): [string, string][] {
  return lines.map(({ key, value }) => [key, value.value.replaceAll('\\n', '\n')]);
}

interface SectionDraft {
  readonly name: string;
  readonly nameSpan: Span;
  readonly header: Span | null;
  readonly start: number;
  end: number;
  readonly comment: Comment | null;
  readonly keys: Map<string, { entry: Entry; comment: Comment | null }>;
  numbered: number;
}

class IniReader {
  block: { header: Span; lines: IniMetadataLine[] } | null = null;
  readonly repeated: { key: string; offset: number }[] = [];
  readonly #text: string;
  readonly #sections: SectionDraft[] = [];
  readonly #loose: Comment[] = [];
  readonly #metadataKeys = new Set<string>();
  #section: SectionDraft | null;
  #pending: PendingComment = { lines: [], slots: [] };
  #items = 0;

  constructor(text: string) {
    this.#text = text;
    const start = text.startsWith('\ufeff') ? 1 : 0;
    this.#section = newSection(
      'DEFAULT',
      { start, end: start },
      { header: null, start, comment: null },
    );
    this.#sections.push(this.#section);
  }

  read(): void {
    const text = this.#text;
    for (let at = this.#section?.start ?? 0; at < text.length; ) {
      const lineEnd = lineEndAt(text, at);
      const start = skipSpace(text, at, lineEnd);
      at =
        (start === lineEnd
          ? this.#blank({ start: at, end: lineEnd })
          : this.#line(at, start, lineEnd)) + 1;
    }
    this.#looseComment();
  }

  branch(): MapNode {
    const sections = this.#sections.map((section) => finishSection(section));
    return { kind: 'map', items: [...sections, ...this.#loose] };
  }

  #blank(line: Span): number {
    const { lines, slots } = this.#pending;
    if (lines.length > 0 && slots.length < MAX_SLOTS) slots.push(...placeHolders(this.#text, line));
    return line.end;
  }

  #line(lineStart: number, start: number, lineEnd: number): number {
    const char = this.#text.charAt(start);
    if (++this.#items > MAX_LINES_ITEMS) throw tooLarge(`${MAX_LINES_ITEMS} lines`);
    if (isCommentMark(char)) {
      this.#pending.lines.push({ start, end: lineEnd });
      return lineEnd;
    }
    return char === '[' ? this.#header(lineStart, start, lineEnd) : this.#key(lineStart, start);
  }

  #header(lineStart: number, start: number, lineEnd: number): number {
    const close = this.#text.slice(start, lineEnd).lastIndexOf(']');
    if (close === -1) throw this.#failure(start, 'A section name does not close.');
    const nameSpan = { start: start + 1, end: start + close };
    const name = this.#text.slice(nameSpan.start, nameSpan.end);
    if (name === '') throw this.#failure(start, 'A section name is empty.');
    const inline = commentBehind(this.#text, nameSpan.end + 1, lineEnd);
    const header = { start: lineStart, end: lineEnd + 1 };
    if (name === 'sops') {
      this.#openBlock(header);
      return lineEnd;
    }
    const tail = { start: nameSpan.end + 1, end: inline?.start ?? lineEnd };
    const begin = this.#pending.lines[0];
    const comment = this.#takeComment({ owner: lineStart, inline, ofSection: true, tail });
    const from = begin === undefined ? lineStart : this.#lineStartOf(begin.start);
    this.#section = newSection(name, nameSpan, { header, start: from, comment });
    this.#section.end = header.end;
    this.#sections.push(this.#section);
    return lineEnd;
  }

  #openBlock(header: Span): void {
    if (this.block !== null) {
      throw new TidelockError('ERR_METADATA', 'The section [sops] stands in the file twice.', {
        position: positionAt(this.#text, header.start),
        hint: 'Restore the sops metadata from the last good version of the file.',
      });
    }
    this.#looseComment();
    this.block = { header, lines: [] };
    this.#section = null;
  }

  #key(lineStart: number, start: number): number {
    const { key: written, span, valueStart } = readIniKey(this.#text, start);
    const value = readIniValue(this.#text, valueStart);
    const line = { start: lineStart, end: value.lineEnd + 1 };
    const section = this.#section;
    if (section === null) {
      this.#metadataLine({ key: written, value, line });
      return value.lineEnd;
    }
    const key = written === '-' ? `#${++section.numbered}` : written;
    const tail = { start: value.span.end, end: value.comment?.start ?? value.lineEnd };
    const comment = this.#takeComment({
      owner: lineStart,
      inline: value.comment,
      ofSection: false,
      tail,
    });
    const repeated = section.keys.has(key);
    if (repeated) this.repeated.push({ key, offset: start });
    const syntax: IniKeySyntax = { span, line, repeated };
    section.keys.set(key, { entry: { kind: 'entry', key, value: leafOf(value), syntax }, comment });
    section.end = line.end;
    return value.lineEnd;
  }

  #metadataLine(line: IniMetadataLine): void {
    this.#pending = { lines: [], slots: [] };
    if (this.#metadataKeys.has(line.key)) {
      throw new TidelockError(
        'ERR_METADATA',
        `The metadata key "${line.key}" stands there twice.`,
        {
          position: positionAt(this.#text, line.line.start),
          hint: 'Restore the sops metadata from the last good version of the file.',
        },
      );
    }
    this.#metadataKeys.add(line.key);
    this.block?.lines.push(line);
  }

  #takeComment(place: Parameters<typeof makeComment>[2]): Comment | null {
    const pending = this.#pending;
    this.#pending = { lines: [], slots: [] };
    return makeComment(this.#text, pending, place);
  }

  #looseComment(): void {
    const comment = this.#takeComment({ owner: null, inline: null, ofSection: false, tail: null });
    if (comment !== null) this.#loose.push(comment);
  }

  #lineStartOf(offset: number): number {
    const before = this.#text.lastIndexOf('\n', offset - 1) + 1;
    return before === 0 && this.#text.startsWith('\ufeff') ? 1 : before;
  }

  #failure(offset: number, message: string): TidelockError {
    return new TidelockError('ERR_PARSE', message, {
      position: positionAt(this.#text, offset),
      hint: 'Correct this line, or encrypt the file whole with --input-type binary.',
    });
  }
}

function newSection(
  name: string,
  nameSpan: Span,
  { header, start, comment }: Pick<SectionDraft, 'header' | 'start' | 'comment'>,
): SectionDraft {
  return { name, nameSpan, header, start, end: start, comment, keys: new Map(), numbered: 0 };
}

function leafOf(value: IniValue): Leaf {
  const syntax: IniValueSyntax = { span: value.span, style: value.style };
  return { kind: 'leaf', scalar: { type: 'str', value: value.value }, syntax };
}

function finishSection(section: SectionDraft): Entry {
  const { name, nameSpan, header, start, end, comment } = section;
  const items: Item[] = comment === null ? [] : [comment];
  for (const { entry, comment: about } of section.keys.values()) {
    items.push(entry);
    if (about !== null) items.push(about);
  }
  const syntax: IniSectionSyntax = { span: nameSpan, region: { start, end }, header };
  return { kind: 'entry', key: name, value: { kind: 'map', items }, syntax };
}
