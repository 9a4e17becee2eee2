import type { Severity } from '../types.ts';
import { Automaton } from './automaton.ts';
import type { ContextRow } from './detect-context.ts';
import type { ContextKind, Level, TokenKind } from './kind.ts';
import { CONTEXT_KINDS } from './kinds/context.ts';
import { TOKEN_KINDS } from './kinds.ts';
import { MARKS, WORDS } from './search-words.ts';
import { type Part, parseShape } from './shape.ts';
import { spellings } from './spellings.ts';

/** A kind as the search uses it: with its shapes taken apart. */
export interface IndexedKind {
  readonly kind: TokenKind;
  readonly before: readonly Part[];
  readonly parts: readonly Part[];
}

/**
 * The marks and words of all kinds, found in one pass. The kinds behind them are looked up once a
 * text has one of them, which most have not.
 */
export class TokenIndex {
  readonly automaton: Automaton;
  #byMark: ReadonlyMap<string, readonly IndexedKind[]> | null = null;
  #byWord: ReadonlyMap<string, readonly ContextRow[]> | null = null;

  constructor() {
    this.automaton = new Automaton([...MARKS, ...WORDS]);
  }

  /** The mark of this number of the automaton's; undefined where that is the word of a name. */
  markOf(number: number): string | undefined {
    return MARKS[number];
  }

  kindsOf(mark: string): readonly IndexedKind[] {
    this.#byMark ??= groupMarks();
    return this.#byMark.get(mark) ?? [];
  }

  rowsOf(number: number): readonly ContextRow[] {
    this.#byWord ??= groupWords();
    return this.#byWord.get(WORDS[number - MARKS.length] ?? '') ?? [];
  }
}

let built: TokenIndex | undefined;

/** Built from the tables when first asked for. */
export function tokenIndex(): TokenIndex {
  built ??= new TokenIndex();
  return built;
}

function groupMarks(): Map<string, IndexedKind[]> {
  const groups = new Map<string, IndexedKind[]>();
  for (const kind of TOKEN_KINDS) {
    const indexed = new MarkedKind(kind);
    for (const mark of kind.marks) append(groups, mark, indexed);
  }
  return groups;
}

function groupWords(): Map<string, ContextRow[]> {
  const groups = new Map<string, ContextRow[]>();
  for (const kind of CONTEXT_KINDS) {
    const row = new WordedKind(kind);
    for (const word of new Set(kind.words.flatMap(spellings))) append(groups, word, row);
  }
  return groups;
}

/** Shapes are taken apart when their mark is met: a text has few of all the kinds. */
class MarkedKind implements IndexedKind {
  readonly kind: TokenKind;
  #before: readonly Part[] | undefined;
  #parts: readonly Part[] | undefined;

  constructor(kind: TokenKind) {
    this.kind = kind;
  }

  get before(): readonly Part[] {
    this.#before ??= parseShape(this.kind.before);
    return this.#before;
  }

  get parts(): readonly Part[] {
    this.#parts ??= parseShape(this.kind.shape);
    return this.#parts;
  }
}

class WordedKind implements ContextRow {
  readonly kind: ContextKind;
  #shapes: ContextRow['shapes'] | undefined;

  constructor(kind: ContextKind) {
    this.kind = kind;
  }

  get shapes(): ContextRow['shapes'] {
    this.#shapes ??= this.kind.shapes.map(parseShape);
    return this.#shapes;
  }
}

function append<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** A value without a mark is an error only where its name calls it a secret. */
export function contextSeverity(level: Level, named: boolean): Severity {
  if (level === 'live') return named ? 'error' : 'warning';
  return 'note';
}
