import type {
  Entry,
  Item,
  Leaf,
  ListNode,
  MapNode,
  Scalar,
  Syntax,
  Value,
} from '../document/document.ts';
import { NULL_SCALAR } from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { JsonLexer } from './json-lexer.ts';

/** Levels of maps and lists within each other. */
const MAX_DEPTH = 1000;
/** Values in one file: beyond it the tree would not fit into an ordinary heap. */
const MAX_VALUES = 500_000;

/**
 * The object that a JSON text holds (SOPS-FORMAT 4.2): order and duplicate keys kept, every node with
 * its span. Unlike sops, text after the object and an object that ends too early are refused: sops
 * would lose it without a word.
 * @throws TidelockError ERR_PARSE, ERR_TOO_DEEP, ERR_TOO_LARGE, ERR_NUMBER_RANGE
 */
export function parseJsonObject(text: string): MapNode {
  return new JsonReader(text).topLevel();
}

class JsonReader {
  readonly #lexer: JsonLexer;
  #values = 0;

  constructor(text: string) {
    this.#lexer = new JsonLexer(text);
  }

  topLevel(): MapNode {
    const first = this.#lexer.peek();
    if (first === BYTE_ORDER_MARK) throw this.#byteOrderMark();
    if (first !== OPEN_MAP) throw this.#notAnObject();
    const map = this.#map(1);
    this.#end();
    return map;
  }

  #end(): void {
    if (this.#lexer.peek() !== -1) throw this.#lexer.failure('nothing more after the value');
  }

  #value(depth: number): Value {
    if (++this.#values > MAX_VALUES) {
      throw new TidelockError('ERR_TOO_LARGE', `The file holds more than ${MAX_VALUES} values.`, {
        hint: 'Split the file, or encrypt it whole with --input-type binary.',
      });
    }
    switch (this.#lexer.peek()) {
      case OPEN_MAP:
        return this.#map(depth);
      case OPEN_LIST:
        return this.#list(depth);
      default:
        return this.#leaf();
    }
  }

  #map(depth: number): MapNode {
    const start = this.#open(depth);
    const items: Item[] = [];
    if (this.#lexer.peek() !== CLOSE_MAP) {
      do items.push(this.#entry(depth));
      while (this.#comma(CLOSE_MAP, 'a comma or the } of the object'));
    }
    this.#lexer.offset++;
    return { kind: 'map', items, syntax: this.#from(start) };
  }

  #entry(depth: number): Entry {
    if (this.#lexer.peek() !== QUOTE) throw this.#lexer.failure('a key in double quotes');
    const start = this.#lexer.offset;
    const key = this.#lexer.string();
    const syntax = this.#from(start);
    if (this.#lexer.peek() !== COLON) throw this.#lexer.failure('a colon after the key');
    this.#lexer.offset++;
    return { kind: 'entry', key, value: this.#value(depth + 1), syntax };
  }

  #list(depth: number): ListNode {
    const start = this.#open(depth);
    const elements: Value[] = [];
    if (this.#lexer.peek() !== CLOSE_LIST) {
      do elements.push(this.#value(depth + 1));
      while (this.#comma(CLOSE_LIST, 'a comma or the ] of the list'));
    }
    this.#lexer.offset++;
    return { kind: 'list', elements, syntax: this.#from(start) };
  }

  #leaf(): Leaf {
    const start = this.#lexer.offset;
    const scalar = this.#scalar();
    return { kind: 'leaf', scalar, syntax: this.#from(start) };
  }

  #scalar(): Scalar {
    const lexer = this.#lexer;
    const code = lexer.peek();
    if (code === QUOTE) return { type: 'str', value: lexer.string() };
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.#number();
    if (lexer.word('true')) return { type: 'bool', value: true };
    if (lexer.word('false')) return { type: 'bool', value: false };
    if (lexer.word('null')) return NULL_SCALAR;
    throw lexer.failure('a value');
  }

  #number(): Scalar {
    const start = this.#lexer.offset;
    const spelling = this.#lexer.number();
    const integer = spelling.length <= 20 && /^-?\d+$/.test(spelling) ? BigInt(spelling) : null;
    if (integer !== null && BigInt.asIntN(64, integer) === integer) {
      return { type: 'int', value: integer };
    }
    const value = Number(spelling);
    if (Number.isFinite(value)) return { type: 'float', value };
    throw new TidelockError('ERR_NUMBER_RANGE', 'A number is out of the range of a 64-bit float.', {
      position: positionAt(this.#lexer.text, start),
      hint: 'Write it as a string.',
    });
  }

  #open(depth: number): number {
    if (depth > MAX_DEPTH) {
      throw new TidelockError('ERR_TOO_DEEP', `More than ${MAX_DEPTH} levels of nesting.`, {
        position: positionAt(this.#lexer.text, this.#lexer.offset),
        hint: 'Encrypt this file whole with --input-type binary.',
      });
    }
    return this.#lexer.offset++;
  }

  /** Goes past a comma; false at the closing bracket, which stays. */
  #comma(close: number, expected: string): boolean {
    const code = this.#lexer.peek();
    if (code === COMMA) {
      this.#lexer.offset++;
      return true;
    }
    if (code === close) return false;
    throw this.#lexer.failure(expected);
  }

  #from(start: number): Syntax {
    return { span: { start, end: this.#lexer.offset } };
  }

  #notAnObject(): TidelockError {
    const lexer = this.#lexer;
    if (lexer.offset >= lexer.text.length) return lexer.failure('an object');
    return new TidelockError('ERR_PARSE', 'The JSON does not hold an object at its top level.', {
      position: positionAt(lexer.text, lexer.offset),
      hint: 'Wrap it, as in {"data": ...}, or encrypt it whole with --input-type binary.',
    });
  }

  #byteOrderMark(): TidelockError {
    return new TidelockError('ERR_PARSE', 'The JSON begins with a byte order mark.', {
      position: { line: 1, column: 1 },
      hint: 'Save the file without a byte order mark: sops cannot read it with one.',
    });
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;
