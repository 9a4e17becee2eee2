import { type Assertion, type Expression, RegexSyntaxError } from './expression.ts';
import type { Ranges } from './ranges.ts';

/** One step of an expression. Numbers are places in `Program.steps`. */
export type Step =
  | { readonly kind: 'chars'; readonly ranges: Ranges; readonly next: number }
  | { readonly kind: 'assertion'; readonly assertion: Assertion; readonly next: number }
  | { readonly kind: 'fork'; readonly ways: number[] }
  | { readonly kind: 'match' };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  readonly hasAssertions: boolean;
}

/** What matching costs for each character of the text, at worst. */
const MAX_STEPS = 10_000;

/** @throws RegexSyntaxError when counted repetitions make it too large */
export function buildProgram(expression: Expression): Program {
  const steps: Step[] = [{ kind: 'match' }];
  const start = build(expression, 0, steps);
  return { steps, start, hasAssertions: steps.some((step) => step.kind === 'assertion') };
}

/** Adds the steps of `expression` that go on to `next`; where they begin. */
function build(expression: Expression, next: number, steps: Step[]): number {
  switch (expression.kind) {
    case 'empty':
      return next;
    case 'chars':
      return add(steps, { kind: 'chars', ranges: expression.ranges, next });
    case 'assertion':
      return add(steps, { kind: 'assertion', assertion: expression.assertion, next });
    case 'sequence':
      return expression.parts.reduceRight((to, part) => build(part, to, steps), next);
    case 'choice': {
      const ways = expression.options.map((option) => build(option, next, steps));
      return add(steps, { kind: 'fork', ways });
    }
    case 'repeat':
      return buildRepeat(expression, next, steps);
  }
}

type Repeat = Extract<Expression, { kind: 'repeat' }>;

function buildRepeat({ body, min, max }: Repeat, next: number, steps: Step[]): number {
  let start = next;
  if (max === Infinity) {
    const ways: number[] = [];
    start = add(steps, { kind: 'fork', ways });
    ways.push(build(body, start, steps), next);
  } else {
    for (let i = min; i < max; i++) {
      start = add(steps, { kind: 'fork', ways: [build(body, start, steps), next] });
    }
  }
  for (let i = 0; i < min; i++) start = build(body, start, steps);
  return start;
}

function add(steps: Step[], step: Step): number {
  if (steps.length >= MAX_STEPS) {
    throw new RegexSyntaxError('it is too large, use smaller repetition counts', 0);
  }
  return steps.push(step) - 1;
}
