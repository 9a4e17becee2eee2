import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';

/**
 * Walks over JSON text without copying it. Accepts what Go's decoder accepts, so that a file either
 * means the same to sops or is refused here.
 */
export class JsonLexer {
  readonly text: string;
  offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character that is not white space, -1 at the end. */
  peek(): number {
    for (; this.offset < this.text.length; this.offset++) {
      const code = this.text.charCodeAt(this.offset);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
    }
    return -1;
  }

  /** The text of the string that begins at the current quote. */
  string(): string {
    const start = this.offset + 1;
    const end = this.#plainEnd(start);
    if (this.text.charCodeAt(end) === QUOTE) {
      this.offset = end + 1;
      return this.text.slice(start, end);
    }
    return this.#escapedString(start, end);
  }

  /** The spelling of the number at the current offset. */
  number(): string {
    const start = this.offset;
    if (this.text.charCodeAt(this.offset) === MINUS) this.offset++;
    if (this.text.charCodeAt(this.offset) === ZERO) this.offset++;
    else this.#digits();
    if (this.text.charCodeAt(this.offset) === POINT) {
      this.offset++;
      this.#digits();
    }
    if ((this.text.charCodeAt(this.offset) | 0x20) === LOWER_E) {
      this.offset++;
      const sign = this.text.charCodeAt(this.offset);
      if (sign === PLUS || sign === MINUS) this.offset++;
      this.#digits();
    }
    return this.text.slice(start, this.offset);
  }

  /** Whether `word` stands here; goes past it. */
  word(word: string): boolean {
    if (!this.text.startsWith(word, this.offset)) return false;
    this.offset += word.length;
    return true;
  }

  /** An ERR_PARSE at the current offset. @param expected completes "expected ..." */
  failure(expected: string): TidelockError {
    const found = this.offset >= this.text.length ? 'the file ends' : 'something else stands';
    return new TidelockError(
      'ERR_PARSE',
      `Not valid JSON: expected ${expected}, but ${found} here.`,
      {
        position: positionAt(this.text, this.offset),
        hint: 'Correct the JSON at this place, or say with --input-type what the file really is.',
      },
    );
  }

  #digits(): void {
    const start = this.offset;
    while (isDigit(this.text.charCodeAt(this.offset))) this.offset++;
    if (this.offset === start) throw this.failure('a digit');
  }

  /** Where the run of characters that need no decoding ends. */
  #plainEnd(start: number): number {
    const text = this.text;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE || code === BACKSLASH) return at;
      if (code < 0x20) {
        this.offset = at;
        throw this.failure('an escape for a control character within the string');
      }
    }
    this.offset = text.length;
    throw this.failure('the closing quote of a string');
  }

  #escapedString(start: number, firstBackslash: number): string {
    let decoded = '';
    let parts: string[] = [];
    let from = start;
    let at = firstBackslash;
    let surrogates = false;
    while (this.text.charCodeAt(at) === BACKSLASH) {
      this.offset = at;
      const unit = this.#escape(at + 1);
      surrogates ||= unit >= 0xd800 && unit <= 0xdfff;
      parts.push(this.text.slice(from, at), String.fromCharCode(unit));
      if (parts.length >= MAX_PARTS) {
        decoded += parts.join('');
        parts = [];
      }
      from = this.offset;
      at = this.#plainEnd(from);
    }
    decoded += parts.join('') + this.text.slice(from, at);
    this.offset = at + 1;
    return surrogates ? wellFormed(decoded) : decoded;
  }

  #escape(at: number): number {
    const code = this.text.charCodeAt(at);
    if (code === LOWER_U) {
      const digits = this.text.slice(at + 1, at + 5);
      if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw this.failure('four hexadecimal digits after \\u');
      this.offset = at + 5;
      return Number.parseInt(digits, 16);
    }
    const unit = ESCAPES.get(code);
    if (unit === undefined) throw this.failure('a known escape after the backslash');
    this.offset = at + 1;
    return unit;
  }
}

/** As Go decodes: half of a surrogate pair becomes U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

/** Pieces of one string kept apart, so that a long run of escapes costs no more memory than its text. */
const MAX_PARTS = 4096;

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const LOWER_E = 0x65;
const LOWER_U = 0x75;

const ESCAPES = new Map<number, number>([
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);
