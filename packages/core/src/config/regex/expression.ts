import type { Ranges } from './ranges.ts';

/** A place condition: text begin and end, line begin and end, ASCII word boundary or not. */
export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word' | 'not-word';

/**
 * A regular expression as far as "does it match somewhere" needs it: captures, and whether a
 * repetition is greedy, make no difference to that.
 */
export type Expression =
  | { readonly kind: 'empty' }
  | { readonly kind: 'chars'; readonly ranges: Ranges }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  /** `max` is Infinity for `*`, `+` and `{n,}`. `counted`: written with braces. */
  | {
      readonly kind: 'repeat';
      readonly body: Expression;
      readonly min: number;
      readonly max: number;
      readonly counted: boolean;
    };

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
}

/** What is wrong with an expression and where: `offset` in UTF-16 units. */
export class RegexSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'RegexSyntaxError';
    this.offset = offset;
  }
}
