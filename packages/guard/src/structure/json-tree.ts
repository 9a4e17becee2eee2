import type { TextSpan } from '../types.ts';
import type { Tree, TreeEntry } from './tree.ts';

const DEEPEST = 500;

/**
 * Reads JSON with positions: one value, or several after one another; comments and trailing commas
 * are let pass, since configuration has them. Null when it is not that.
 */
export function readJsonTrees(text: string, offset: number): readonly Tree[] | null {
  const reader = new JsonReader(text, offset);
  const trees: Tree[] = [];
  reader.skipBlanks();
  while (!reader.atEnd) {
    const tree = reader.value(0);
    if (tree === null) return null;
    trees.push(tree);
    reader.skipBlanks();
  }
  return trees.length === 0 ? null : trees;
}

class JsonReader {
  readonly #text: string;
  readonly #offset: number;
  #at = 0;

  constructor(text: string, offset: number) {
    this.#text = text;
    this.#offset = offset;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Commas are blanks to it: where one is missing or too many matters to nobody here. */
  skipBlanks(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === SLASH) {
        const end = commentEnd(text, this.#at);
        if (end === this.#at) return;
        this.#at = end;
      } else if (code <= 32 || code === COMMA || code === BYTE_ORDER_MARK) this.#at++;
      else return;
    }
  }

  value(depth: number): Tree | null {
    const start = this.#at;
    const first = this.#text[start];
    if (depth > DEEPEST) return null;
    if (first === '{') return this.#map(depth);
    if (first === '[') return this.#list(depth);
    const quoted = first === '"';
    const raw = this.#take(quoted ? stringEnd(this.#text, start) : bareEnd(this.#text, start));
    if (raw === null) return null;
    const value = quoted ? unescapeJson(raw) : raw;
    return { kind: 'scalar', value, quoted, tag: undefined, span: this.#spanFrom(start) };
  }

  #map(depth: number): Tree | null {
    const start = this.#at++;
    const entries: TreeEntry[] = [];
    for (;;) {
      this.skipBlanks();
      if (this.#text[this.#at] === '}') break;
      const keyStart = this.#at;
      const key = this.#take(stringEnd(this.#text, keyStart));
      if (key === null) return null;
      const keySpan = this.#spanFrom(keyStart);
      this.skipBlanks();
      if (this.#text[this.#at] !== ':') return null;
      this.#at++;
      this.skipBlanks();
      const value = this.value(depth + 1);
      if (value === null) return null;
      entries.push({ key: unescapeJson(key), keySpan, value });
    }
    this.#at++;
    return { kind: 'map', entries, span: this.#spanFrom(start) };
  }

  #list(depth: number): Tree | null {
    const start = this.#at++;
    const elements: Tree[] = [];
    for (;;) {
      this.skipBlanks();
      if (this.#text[this.#at] === ']') break;
      const value = this.value(depth + 1);
      if (value === null) return null;
      elements.push(value);
    }
    this.#at++;
    return { kind: 'list', elements, span: this.#spanFrom(start) };
  }

  /** What stands between here and `end`; null when `end` is here. */
  #take(end: number): string | null {
    if (end <= this.#at) return null;
    const taken = this.#text.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  #spanFrom(start: number): TextSpan {
    return { start: this.#offset + start, end: this.#offset + this.#at };
  }
}

const SLASH = 47;
const COMMA = 44;
const QUOTE = 34;
const BACKSLASH = 92;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = 0xfeff;

/** Behind the comment that begins here, or `at` when none does. */
function commentEnd(text: string, at: number): number {
  const line = text[at + 1] === '/';
  if (!line && text[at + 1] !== '*') return at;
  const end = text.indexOf(line ? '\n' : '*/', at + 2);
  if (end === -1) return text.length;
  return line ? end : end + 2;
}

/** Behind the string that begins here, or `at` when none does. */
function stringEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) return at;
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i++;
    else if (code === LINE_FEED) return at;
  }
  return at;
}

function bareEnd(text: string, at: number): number {
  let end = at;
  while (/[A-Za-z0-9+.-]/.test(text[end] ?? ' ')) end++;
  return end;
}

function unescapeJson(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    const value: unknown = JSON.parse(quoted.replace(/\t/g, '\\t'));
    return typeof value === 'string' ? value : quoted.slice(1, -1);
  } catch {
    return quoted.slice(1, -1);
  }
}
