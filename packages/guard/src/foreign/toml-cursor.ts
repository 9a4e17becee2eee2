import { type Position, TidelockError } from '@tidelock/core';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
]);
const BARE = /[A-Za-z0-9_-]+/y;
const BLANKS = /[ \t]*/y;
const LINES = /(?:[ \t\r\n]|#[^\n]*)*/y;
const REST_OF_LINE = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const PLAIN = /[^\s,\]}#]+/y;
const NUMBER = /^[+-]?(?:\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?|inf|nan)$/;
const BASED = /^0(?:x[\da-fA-F_]+|o[0-7_]+|b[01_]+)$/;
const DATE = /^\d{4}-\d\d-\d\d|^\d\d:\d\d/;

/** A place in a TOML text, and the words of the language read from there. */
export class TomlCursor {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #nextBreak: number;

  constructor(text: string) {
    this.#text = text;
    this.#nextBreak = breakFrom(text, 0);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get position(): Position {
    while (this.#nextBreak < this.#at) {
      this.#line++;
      this.#lineStart = this.#nextBreak + 1;
      this.#nextBreak = breakFrom(this.#text, this.#lineStart);
    }
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  wrong(what: string): TidelockError {
    return new TidelockError('ERR_CONFIG', what, {
      position: this.position,
      hint: 'The file is read as TOML 1.0.',
    });
  }

  skipBlanks(): void {
    this.#match(BLANKS);
  }

  skipLines(): void {
    this.#match(LINES);
  }

  endLine(): void {
    if (this.#match(REST_OF_LINE) === null)
      throw this.wrong('the line goes on where it should end');
  }

  take(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  expect(word: string): void {
    this.skipBlanks();
    if (!this.take(word)) throw this.wrong(`${word} is missing here`);
  }

  readKey(): string {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'") return this.#readString();
    const bare = this.#match(BARE);
    if (bare === null) throw this.wrong('a key is missing here');
    return bare;
  }

  readScalar(): string | number | boolean {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'") return this.#readString();
    const start = this.#at;
    const word = this.#match(PLAIN);
    if (word === 'true' || word === 'false') return word === 'true';
    if (word !== null && NUMBER.test(word)) return Number(word.replaceAll('_', ''));
    if (word !== null && BASED.test(word)) return Number(word.replaceAll('_', ''));
    if (word !== null && DATE.test(word)) return word;
    this.#at = start;
    throw this.wrong('this is no value');
  }

  #readString(): string {
    for (const quote of ['"""', "'''"]) {
      if (this.take(quote)) return this.#readUntil(quote, true);
    }
    const quote = this.#text[this.#at] ?? '"';
    this.#at++;
    return this.#readUntil(quote, false);
  }

  #readUntil(quote: string, isLong: boolean): string {
    const isLiteral = quote.startsWith("'");
    if (isLong && !this.take('\n')) this.take('\r\n');
    const parts: string[] = [];
    let from = this.#at;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || (char === '\n' && !isLong))
        throw this.wrong('a quote is not closed');
      if (this.#text.startsWith(quote, this.#at)) {
        // Up to two quotes may stand right before the closing three.
        while (isLong && this.#text[this.#at + 3] === quote[0]) this.#at++;
        parts.push(this.#text.slice(from, this.#at));
        this.#at += quote.length;
        return parts.join('');
      }
      if (char === '\\' && !isLiteral) {
        parts.push(this.#text.slice(from, this.#at), this.#readEscape(isLong));
        from = this.#at;
      } else this.#at++;
    }
  }

  #readEscape(isLong: boolean): string {
    const char = this.#text[this.#at + 1] ?? '';
    const known = ESCAPES.get(char);
    if (known !== undefined) {
      this.#at += 2;
      return known;
    }
    const digits = char === 'u' ? 4 : char === 'U' ? 8 : 0;
    const code = this.#text.slice(this.#at + 2, this.#at + 2 + digits);
    const point = Number.parseInt(code, 16);
    if (digits > 0 && /^[\da-fA-F]+$/.test(code) && code.length === digits && point <= 0x10ffff) {
      this.#at += 2 + digits;
      return String.fromCodePoint(point);
    }
    if (isLong && /\s/.test(char)) {
      this.#at++;
      while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
      return '';
    }
    throw this.wrong('this escape does not exist');
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

function breakFrom(text: string, start: number): number {
  const at = text.indexOf('\n', start);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}
