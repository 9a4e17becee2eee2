import type { Severity } from '../types.ts';
import { Automaton } from './automaton.ts';
import type { ContextRow } from './detect-context.ts';
import type { ContextKind, Level, TokenKind } from './kind.ts';
import { CONTEXT_KINDS } from './kinds/context.ts';
import { TOKEN_KINDS } from './kinds.ts';
import { type Part, parseShape } from './shape.ts';

/** A kind as the search uses it: with one of its marks, and its shapes taken apart. */
export interface IndexedKind {
  readonly kind: TokenKind;
  readonly mark: string;
  readonly before: readonly Part[];
  readonly parts: readonly Part[];
}

export interface TokenIndex {
  readonly automaton: Automaton;
  /** By number of the automaton's word; undefined where the word is no mark. */
  readonly byMark: readonly (readonly IndexedKind[] | undefined)[];
  readonly byWord: readonly (readonly ContextRow[] | undefined)[];
}

let built: TokenIndex | undefined;

/** Built from the tables when first asked for. */
export function tokenIndex(): TokenIndex {
  built ??= buildIndex();
  return built;
}

function buildIndex(): TokenIndex {
  const marks = groupMarks();
  const words = groupWords();
  const all = [...marks.keys(), ...words.keys()];
  return {
    automaton: new Automaton(all),
    byMark: all.map((word, i) => (i < marks.size ? marks.get(word) : undefined)),
    byWord: all.map((word, i) => (i < marks.size ? undefined : words.get(word))),
  };
}

function groupMarks(): Map<string, IndexedKind[]> {
  const groups = new Map<string, IndexedKind[]>();
  for (const kind of TOKEN_KINDS) {
    for (const mark of kind.marks) append(groups, mark, new MarkedKind(kind, mark));
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
  readonly mark: string;
  #before: readonly Part[] | undefined;
  #parts: readonly Part[] | undefined;

  constructor(kind: TokenKind, mark: string) {
    this.kind = kind;
    this.mark = mark;
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

/** `dd_api`, `dd-api`, `dd api` and `ddapi`. */
function spellings(word: string): string[] {
  return ['_', '-', ' ', '.', ''].map((separator) => word.replaceAll('_', separator));
}

/** A value without a mark is an error only where its name calls it a secret. */
export function contextSeverity(level: Level, named: boolean): Severity {
  if (level === 'live') return named ? 'error' : 'warning';
  return 'note';
}
