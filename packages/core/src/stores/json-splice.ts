import type {
  Element,
  Entry,
  Item,
  Leaf,
  ListNode,
  MapNode,
  Span,
  Value,
} from '../document/document.ts';
import { sameScalar } from '../document/document.ts';
import type { AlignedStep } from './align.ts';
import { align } from './align.ts';
import type { Edit } from './edits.ts';
import { respell } from './json-spelling.ts';
import {
  blockStyle,
  IN_PLACE,
  type JsonFileStyle,
  lineIndent,
  linesStyle,
  oneLineStyle,
} from './json-style.ts';
import type { JsonLayoutStyle } from './json-write.ts';
import { jsonScalar, writeJson } from './json-write.ts';

/** An entry of a map or an element of a list, comments left out. */
type Part = Entry | Value;

/**
 * The edits that turn the old root into the new one. The sops entry, when added, follows directly
 * after the value of the last member and is always written over several lines.
 */
export function spliceJson(old: MapNode, next: MapNode, style: JsonFileStyle): Edit[] {
  const splicer = new JsonSplicer(style);
  splicer.root(old, next);
  return splicer.edits;
}

class JsonSplicer {
  readonly edits: Edit[] = [];
  readonly #style: JsonFileStyle;

  constructor(style: JsonFileStyle) {
    this.#style = style;
  }

  root(old: MapNode, next: MapNode): void {
    const parts = partsOf(next);
    const block = parts.find(isSops);
    const span = spanOf(old);
    if (partsOf(old).length === 0 && block !== undefined && parts.length === 1) {
      this.#edit({ start: span.start + 1, end: span.start + 1 }, this.#sopsMember(block));
    } else if (parts.length === 0 && partsOf(old).every(isSops)) {
      const last = partsOf(old).at(-1);
      if (last !== undefined) this.#edit({ start: span.start + 1, end: endOf(last) }, '');
    } else {
      this.#collection(old, next, span.start);
    }
  }

  /** @param start where the entry or element begins that the value belongs to */
  #value(old: Value, next: Value, start: number): void {
    if (old === next) return;
    if (old.kind === 'leaf' && next.kind === 'leaf') this.#leaf(old, next);
    else if (old.kind !== 'leaf' && next.kind === old.kind) this.#collection(old, next, start);
    else this.#rewrite(old, next, start);
  }

  #leaf(old: Leaf, next: Leaf): void {
    if (sameScalar(old.scalar, next.scalar)) return;
    const span = spanOf(old);
    if (old.scalar.type === 'str' && next.scalar.type === 'str') {
      const raw = this.#style.text.slice(span.start, span.end);
      const [before, after] = [old.scalar.value, next.scalar.value];
      if (typeof before === 'string' && typeof after === 'string') {
        this.#edit(span, respell(raw, before, after));
        return;
      }
    }
    this.#edit(span, jsonScalar(next.scalar, IN_PLACE));
  }

  #collection(old: MapNode | ListNode, next: MapNode | ListNode, start: number): void {
    const oldParts = partsOf(old);
    const steps = align(oldParts, partsOf(next), keyOf);
    const separator = this.#separatorOf(oldParts, spanOf(old));
    if (steps.some((step) => step.old !== null && step.next !== null))
      this.#steps(steps, separator);
    else if (steps.length > 0) this.#rewrite(old, next, start);
  }

  #steps(steps: readonly AlignedStep<Part>[], separator: string): void {
    let kept: Part | null = null;
    let removed: Part[] = [];
    let added: Part[] = [];
    for (const { old, next } of steps) {
      if (old !== null && next !== null) {
        this.#gap({ before: kept, after: old, removed, added, separator });
        [kept, removed, added] = [old, [], []];
        this.#value(valueIn(old), valueIn(next), startOf(old));
      } else if (old !== null) removed.push(old);
      else if (next !== null) added.push(next);
    }
    this.#gap({ before: kept, after: null, removed, added, separator });
  }

  #gap({ before, after, removed, added, separator }: Gap): void {
    const first = removed[0];
    const last = removed.at(-1);
    if (before !== null) {
      if (last === undefined && added.length === 0) return;
      const span = { start: endOf(before), end: endOf(last ?? before) };
      this.#edit(span, added.map((part) => this.#following(part, separator, before)).join(''));
      return;
    }
    if (after === null || (first === undefined && added.length === 0)) return;
    const indent = lineIndent(this.#style.text, startOf(after));
    const text = added.map((part) => `${this.#part(part, indent)},${separator}`).join('');
    this.#edit({ start: startOf(first ?? after), end: startOf(after) }, text);
  }

  #following(part: Part, separator: string, before: Part): string {
    if (isSops(part)) return `,${this.#sopsMember(part)}`;
    return `,${separator}${this.#part(part, lineIndent(this.#style.text, startOf(before)))}`;
  }

  /** What stands before a further part of a collection, after the comma. */
  #separatorOf(parts: readonly Part[], span: Span): string {
    const { text, afterComma } = this.#style;
    const [first, second] = parts;
    if (first === undefined) return '';
    const from = second === undefined ? span.start + 1 : endOf(first);
    const between = text.slice(from, startOf(second ?? first));
    const after = between.slice(between.indexOf(',') + 1);
    const lineBreak = after.lastIndexOf('\n');
    if (lineBreak === -1) return second === undefined ? afterComma : after;
    return after.slice(after[lineBreak - 1] === '\r' ? lineBreak - 1 : lineBreak);
  }

  #part(part: Part, indent: string | null): string {
    const layout = this.#layoutAt(indent);
    const value = writeJson(valueIn(part), layout, indent ?? '');
    return part.kind === 'entry' ? layout.quote(part.key) + layout.colon + value : value;
  }

  #sopsMember(part: Part): string {
    const layout = blockStyle(this.#style);
    const { newline, rootIndent } = this.#style;
    return `${newline}${rootIndent}"sops": ${writeJson(valueIn(part), layout, rootIndent)}`;
  }

  #rewrite(old: Value, next: Value, start: number): void {
    const indent = lineIndent(this.#style.text, start);
    this.#edit(spanOf(old), writeJson(next, this.#layoutAt(indent), indent ?? ''));
  }

  #layoutAt(indent: string | null): JsonLayoutStyle {
    return indent === null ? oneLineStyle(this.#style) : linesStyle(this.#style);
  }

  #edit(span: Span, text: string): void {
    this.edits.push({ ...span, text });
  }
}

interface Gap {
  readonly before: Part | null;
  readonly after: Part | null;
  readonly removed: readonly Part[];
  readonly added: readonly Part[];
  readonly separator: string;
}

function partsOf(node: MapNode | ListNode): readonly Part[] {
  const items: readonly (Item | Element)[] = node.kind === 'map' ? node.items : node.elements;
  return items.filter((item): item is Part => item.kind !== 'comment');
}

function isSops(part: Part): boolean {
  return part.kind === 'entry' && part.key === 'sops';
}

function keyOf(part: Part): string {
  return part.kind === 'entry' ? part.key : '';
}

function valueIn(part: Part): Value {
  return part.kind === 'entry' ? part.value : part;
}

function startOf(part: Part): number {
  return spanOf(part).start;
}

function endOf(part: Part): number {
  return spanOf(valueIn(part)).end;
}

function spanOf(node: Part): Span {
  if (node.syntax === undefined) throw new TypeError('a node of the source has no place in it');
  return node.syntax.span;
}
