import { type Alphabet, alphabetOf } from './alphabet.ts';
import type { Assertion } from './expression.ts';
import type { Program } from './program.ts';
import { contains } from './ranges.ts';

/** What stands beside a place in the text, as far as assertions care. */
export const EDGE = 0;
export const NEWLINE = 1;
export const WORD = 2;
export const OTHER = 3;
export type Neighbour = 0 | 1 | 2 | 3;

/** One set of steps that the text so far can have led to. */
interface State {
  readonly steps: readonly number[];
  readonly before: Neighbour;
  /** By character class, the last one being the end of the text. */
  readonly transitions: Int32Array;
}

const UNKNOWN = -1;
const MATCHED = -2;
/** Numbers kept at most, transitions and steps together; beyond that the table starts afresh. */
const MAX_KEPT = 100_000;

/**
 * Whether the program matches anywhere in a text, in time linear in the text whatever the
 * expression: all ways are followed at once, one character at a time, and sets of steps seen
 * before are looked up.
 */
export class Automaton {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  readonly #seen: Uint32Array;
  #round = 0;
  #states: State[] = [];
  #kept = 0;
  #index = new Map<string, number>();

  constructor(program: Program) {
    this.#program = program;
    this.#alphabet = alphabetOf(program);
    this.#seen = new Uint32Array(program.steps.length);
  }

  matches(text: string): boolean {
    let state = this.#stateOf([], this.#program.hasAssertions ? EDGE : OTHER);
    for (let i = 0; i < text.length; i++) {
      let point = text.charCodeAt(i);
      if (point >= 0xd800 && point < 0xdc00) {
        point = text.codePointAt(i) ?? point;
        if (point > 0xffff) i++;
      }
      const next = this.#follow(state, this.#alphabet.classOf(point));
      if (next === MATCHED) return true;
      state = this.#states[next] ?? state;
    }
    return this.#follow(state, this.#alphabet.size) === MATCHED;
  }

  #follow(state: State, charClass: number): number {
    const known = state.transitions[charClass] ?? UNKNOWN;
    if (known !== UNKNOWN) return known;
    const isEnd = charClass === this.#alphabet.size;
    const point = isEnd ? -1 : this.#alphabet.representative(charClass);
    const after = isEnd ? EDGE : neighbour(point);
    const reached = this.#reach(state, point, after);
    if (reached === null || isEnd) {
      const outcome = reached === null ? MATCHED : 0;
      state.transitions[charClass] = outcome;
      return outcome;
    }
    const before = this.#program.hasAssertions ? after : OTHER;
    const isFull = this.#kept > MAX_KEPT;
    if (isFull) {
      this.#states = [];
      this.#index = new Map();
      this.#kept = 0;
    }
    const next = this.#indexOf(reached, before);
    if (!isFull) state.transitions[charClass] = next;
    return next;
  }

  /** The steps after `point`; null when the program has matched before it. */
  #reach(state: State, point: number, after: Neighbour): number[] | null {
    const { steps, start } = this.#program;
    this.#round += 1;
    const round = this.#round;
    const reached = new Set<number>();
    const pending = [start, ...state.steps];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (this.#seen[at] === round) continue;
      this.#seen[at] = round;
      const step = steps[at];
      if (step === undefined) continue;
      if (step.kind === 'match') return null;
      if (step.kind === 'fork') pending.push(...step.ways);
      else if (step.kind === 'assertion') {
        if (holds(step.assertion, state.before, after)) pending.push(step.next);
      } else if (point >= 0 && contains(step.ranges, point)) reached.add(step.next);
    }
    return [...reached].sort((a, b) => a - b);
  }

  #stateOf(steps: readonly number[], before: Neighbour): State {
    const state = this.#states[this.#indexOf(steps, before)];
    if (state === undefined) throw new RangeError('state table');
    return state;
  }

  #indexOf(steps: readonly number[], before: Neighbour): number {
    const key = `${before}:${steps.join(',')}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const transitions = new Int32Array(this.#alphabet.size + 1).fill(UNKNOWN);
    const index = this.#states.push({ steps, before, transitions }) - 1;
    this.#index.set(key, index);
    this.#kept += transitions.length + key.length + steps.length;
    return index;
  }
}

function neighbour(point: number): Neighbour {
  if (point === 10) return NEWLINE;
  const isLetter = (point | 0x20) >= 0x61 && (point | 0x20) <= 0x7a;
  return isLetter || (point >= 0x30 && point <= 0x39) || point === 0x5f ? WORD : OTHER;
}

function holds(assertion: Assertion, before: Neighbour, after: Neighbour): boolean {
  switch (assertion) {
    case 'text-start':
      return before === EDGE;
    case 'text-end':
      return after === EDGE;
    case 'line-start':
      return before === EDGE || before === NEWLINE;
    case 'line-end':
      return after === EDGE || after === NEWLINE;
    case 'word':
      return (before === WORD) !== (after === WORD);
    case 'not-word':
      return (before === WORD) === (after === WORD);
  }
}
