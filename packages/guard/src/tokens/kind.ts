import type { ChecksumName } from './checksums.ts';
import type { ConfirmName } from './confirm.ts';

/**
 * `live`: opens something. `test`: opens a sandbox. `public`: meant to be seen. `id`: names
 * something, of use only together with a secret.
 */
export type Level = 'live' | 'test' | 'public' | 'id';

/** One row of the table: how tokens of one kind look. */
export interface TokenKind {
  readonly id: string;
  readonly issuer: string;
  readonly level: Level;
  /** What the search looks for: the token's beginning, or a marker within it. */
  readonly marks: readonly string[];
  /** Shape in front of the mark (fixed or bounded), when the mark is not the beginning. */
  readonly before: string;
  /** Shape behind the mark. */
  readonly shape: string;
  /** Words of which one must stand near, in lower case; empty: none needed. */
  readonly words: readonly string[];
  readonly checksum: ChecksumName | undefined;
  readonly confirm: ConfirmName | undefined;
}

interface Extras {
  readonly before?: string;
  /** Words separated by spaces. */
  readonly near?: string;
  readonly checksum?: ChecksumName;
  readonly confirm?: ConfirmName;
}

/** `[id, level, marks separated by spaces, shape, extras]` */
export type Row = readonly [string, Level, string, string, Extras?];

/** The rows of one issuer. */
export function issuer(name: string, rows: readonly Row[]): readonly TokenKind[] {
  return rows.map((row) => new MarkedRow(name, row));
}

/** Taken apart when it is asked: a text has few of all the kinds, and a hook little time. */
class MarkedRow implements TokenKind {
  readonly id: string;
  readonly issuer: string;
  readonly level: Level;
  readonly #marks: string;
  readonly shape: string;
  readonly #extras: Extras | undefined;

  constructor(name: string, row: Row) {
    this.issuer = name;
    this.id = row[0];
    this.level = row[1];
    this.#marks = row[2];
    this.shape = row[3];
    this.#extras = row[4];
  }

  get marks(): readonly string[] {
    return this.#marks.split(' ');
  }

  get before(): string {
    return this.#extras?.before ?? '';
  }

  get words(): readonly string[] {
    return this.#extras?.near?.split(' ') ?? [];
  }

  get checksum(): ChecksumName | undefined {
    return this.#extras?.checksum;
  }

  get confirm(): ConfirmName | undefined {
    return this.#extras?.confirm;
  }
}

/** A kind without any mark of its own: known by the word in the name it is assigned to. */
export interface ContextKind {
  readonly id: string;
  readonly level: Level;
  /** In lower case; `_` stands for any one of `_`, `-`, space and nothing. */
  readonly words: readonly string[];
  readonly shapes: readonly string[];
}

/** `[id, words separated by spaces, shapes separated by '|', level (live)]` */
export type ContextRow = readonly [string, string, string, Level?];

export function contextKinds(rows: readonly ContextRow[]): readonly ContextKind[] {
  return rows.map((row) => new WordedRow(row));
}

class WordedRow implements ContextKind {
  readonly id: string;
  readonly level: Level;
  readonly #words: string;
  readonly #shapes: string;

  constructor([id, words, shapes, level = 'live']: ContextRow) {
    this.id = id;
    this.level = level;
    this.#words = words;
    this.#shapes = shapes;
  }

  get words(): readonly string[] {
    return this.#words.split(' ');
  }

  get shapes(): readonly string[] {
    return this.#shapes.split('|');
  }
}
