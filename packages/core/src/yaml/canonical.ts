import type {
  Comment,
  Element,
  Entry,
  Item,
  ListNode,
  MapNode,
  Value,
} from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import { commentLines } from './write-comment.ts';
import { keyText } from './write-key.ts';
import { type ScalarPlace, scalarText } from './write-scalar.ts';

/** How block YAML is laid out. */
export interface Layout {
  /** Columns a level, 2 to 9. */
  readonly indent: number;
  readonly newline: '\n' | '\r\n';
  /**
   * As a part of another text: every comment stays a comment, while sops writes one that holds a
   * token and stands in a list as a string element; and no scalar takes the blank lines behind it.
   */
  readonly isPart: boolean;
}

export const SOPS_LAYOUT: Layout = { indent: 4, newline: '\n', isPart: false };

/**
 * The columns a level that sops uses when asked for `indent` (SOPS-FORMAT 4.1, Writing): 2 to 9 as
 * they are, 0 is 4, all else 2.
 * @throws TidelockError ERR_EMIT for a negative one
 */
export function effectiveIndent(indent: number | undefined): number {
  if (indent !== undefined && indent < 0) {
    throw new TidelockError('ERR_EMIT', `YAML cannot be indented by ${indent} columns`, {
      hint: 'Give an indentation of 2 to 9, or 0 for the usual 4.',
    });
  }
  if (indent === undefined || indent === 0) return 4;
  return indent >= 2 && indent <= 9 ? indent : 2;
}

/** The documents of a stream as sops lays them out, each map a document. */
export function canonicalStream(branches: readonly MapNode[], layout: Layout): string {
  return branches.map((branch) => canonicalDocument(branch, layout)).join(`---${layout.newline}`);
}

function canonicalDocument(root: MapNode, layout: Layout): string {
  const writer = new BlockWriter(layout);
  writer.items(root.items, 0);
  if (!root.items.some((item) => item.kind === 'entry')) writer.line(0, '{}');
  return writer.text();
}

/** Items of a map as lines at `column`, each with its line break. */
export function itemsText(items: readonly Item[], column: number, layout: Layout): string {
  const writer = new BlockWriter(layout);
  writer.items(items, column);
  return writer.text();
}

/** Elements of a list as lines, dashes at `column`, each with its line break. */
export function elementsText(elements: readonly Element[], column: number, layout: Layout): string {
  const writer = new BlockWriter(layout);
  writer.elements(elements, column);
  return writer.text();
}

/** A value that is no block (`isBlock`), as it stands behind a key or dash; several lines for a literal. */
export function inlineText(value: Value, at: InlinePlace, layout: Layout): string {
  const writer = new BlockWriter(layout);
  writer.inlineValue(value, { ...at, trailing: '' }, '');
  return writer.text().slice(0, -layout.newline.length);
}

interface InlinePlace {
  /** Column of the key or dash. */
  readonly column: number;
  /** Column of the lines of a literal. */
  readonly inner: number;
}

/** Where nested blocks go: the next multiple of the width (SOPS-FORMAT 4.1, column rule). */
export function nextColumn(column: number, layout: Layout): number {
  return layout.indent * Math.floor((column + layout.indent) / layout.indent);
}

/** Has the map entries, the list elements? Without them it is written `{}`, `[]`. */
export function isBlock(value: Value): value is MapNode | ListNode {
  if (value.kind === 'map') return value.items.some((item) => item.kind === 'entry');
  if (value.kind === 'list') return value.elements.some((element) => element.kind !== 'comment');
  return false;
}

/** Where the text behind a key or dash goes. */
interface Slot extends InlinePlace {
  /** What follows on the line of a scalar: inline comments. */
  readonly trailing: string;
}

class BlockWriter {
  readonly #layout: Layout;
  readonly #parts: string[] = [];
  /** The line that has been begun by dashes or `:`; the next line continues it. */
  #begun = '';

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  text(): string {
    return this.#parts.join('');
  }

  line(column: number, text: string): void {
    this.#parts.push(this.#begun.padEnd(column), text, this.#layout.newline);
    this.#begun = '';
  }

  items(items: readonly Item[], column: number): void {
    let inline: Comment[] = [];
    for (const item of items) {
      if (item.kind === 'entry') {
        this.#entry(item, { column, inline });
        inline = [];
      } else if (item.inline) inline.push(item);
      else this.#comment(column, item);
    }
    for (const comment of inline) this.#comment(column, comment);
  }

  elements(elements: readonly Element[], column: number): void {
    let inline: Comment[] = [];
    for (const element of elements) {
      if (element.kind !== 'comment') {
        this.#element(element, { column, inline });
        inline = [];
      } else if (!this.#layout.isPart && isToken(element.text)) {
        this.#begun = `${this.#begun.padEnd(column)}- `;
        this.line(column + 2, element.text);
      } else if (element.inline) inline.push(element);
      else this.#comment(column, element);
    }
    for (const comment of inline) this.#comment(column, comment);
  }

  #entry(entry: Entry, at: { column: number; inline: readonly Comment[] }): void {
    const { column, inline } = at;
    const inner = nextColumn(column, this.#layout);
    const trailing = this.#trailing(entry.value, inline, column);
    const key = keyText(entry, this.#place(column, inner));
    const slot: Slot = { column, inner, trailing };
    if (key.complex) {
      this.line(column, `? ${key.text}`);
      this.#begun = `${' '.repeat(column)}:`;
      if (isBlock(entry.value)) this.#nested(entry.value, inner);
      else this.inlineValue(entry.value, slot, `${this.#begun} `);
      return;
    }
    if (isBlock(entry.value)) {
      this.line(column, `${key.text}:`);
      this.#nested(entry.value, inner);
    } else this.inlineValue(entry.value, slot, `${this.#begun.padEnd(column)}${key.text}: `);
  }

  #element(value: Value, at: { column: number; inline: readonly Comment[] }): void {
    const { column, inline } = at;
    const inner = column + 2;
    const { hoisted, rest } = hoist(value, this.#layout);
    for (const comment of hoisted) this.#comment(column, comment);
    const trailing = this.#trailing(rest, inline, column);
    const dash = `${this.#begun.padEnd(column)}- `;
    if (isBlock(rest)) {
      this.#begun = dash;
      this.#nested(rest, inner);
    } else this.inlineValue(rest, { column, inner, trailing }, dash);
  }

  #nested(value: MapNode | ListNode, column: number): void {
    if (value.kind === 'map') this.items(value.items, column);
    else this.elements(value.elements, column);
  }

  /** A scalar or an empty collection behind `start`. */
  inlineValue(value: Value, slot: Slot, start: string): void {
    this.#begun = '';
    if (value.kind === 'leaf') {
      const text = scalarText(value.scalar, this.#place(slot.column, slot.inner));
      const headerEnd = text.indexOf(this.#layout.newline);
      const at = headerEnd === -1 ? text.length : headerEnd;
      this.line(0, start + text.slice(0, at) + slot.trailing + text.slice(at));
      return;
    }
    const [open, close] = value.kind === 'map' ? ['{', '}'] : ['[', ']'];
    const comments = value.kind === 'map' ? value.items : value.elements;
    if (comments.length === 0) {
      this.line(0, `${start}${open}${close}${slot.trailing}`);
      return;
    }
    this.line(0, start + open);
    for (const comment of comments) {
      if (comment.kind === 'comment') this.#comment(slot.inner, comment);
    }
    this.line(slot.column, `${close}${slot.trailing}`);
  }

  /** The inline comments behind a value; above it where the value cannot carry them. */
  #trailing(value: Value, inline: readonly Comment[], column: number): string {
    const lines = inline.flatMap((comment) => commentLines(comment.text));
    const last = isBlock(value) ? undefined : lines.pop();
    for (const line of lines) this.line(column, line);
    return last === undefined ? '' : ` ${last}`;
  }

  #comment(column: number, comment: Comment): void {
    for (const line of commentLines(comment.text)) this.line(column, line);
  }

  #place(parentColumn: number, textColumn: number): ScalarPlace {
    const { newline, isPart } = this.#layout;
    return { parentColumn, textColumn, newline, unkept: isPart };
  }
}

/** Comments at the very beginning of a list element stand above its dash. */
function hoist(value: Value, layout: Layout): { hoisted: readonly Comment[]; rest: Value } {
  const hoisted: Comment[] = [];
  const rest = hoistInto(value, (comment) => {
    const staysElement = value.kind === 'list' && !layout.isPart && isToken(comment.text);
    if (comment.inline || staysElement) return false;
    hoisted.push(comment);
    return true;
  });
  return { hoisted, rest };
}

function hoistInto(value: Value, take: (comment: Comment) => boolean): Value {
  if (!isBlock(value)) return value;
  const children: readonly (Item | Element)[] = value.kind === 'map' ? value.items : value.elements;
  let from = 0;
  for (let child = children[0]; child?.kind === 'comment' && take(child); child = children[from]) {
    from++;
  }
  if (value.kind === 'map') {
    return from === 0 ? value : { ...value, items: value.items.slice(from) };
  }
  return from === 0 ? value : { ...value, elements: value.elements.slice(from) };
}

function isToken(text: string): boolean {
  return text.startsWith('ENC[AES256_GCM,');
}
