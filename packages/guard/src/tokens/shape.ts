import { alphabetIndex, inAlphabet, isAlphabetName } from './alphabets.ts';
import type { Runs } from './runs.ts';

/** A part of a token: so many characters of an alphabet, or the very text. */
export type Part =
  | { readonly literal: string }
  | { readonly alphabet: number; readonly min: number; readonly max: number };

/**
 * The parts of a shape: `b62{22} _ b62{59}`. Words are literal text, `name{n}` or `name{n,m}` are
 * runs of an alphabet.
 * @throws RangeError for a mistake in our own table
 */
export function parseShape(shape: string): readonly Part[] {
  if (shape === '') return [];
  return shape.split(' ').map((word) => {
    const run = RUN.exec(word);
    if (run === null) return { literal: word };
    const [, name = '', min = '', max = min] = run;
    if (!isAlphabetName(name)) throw new RangeError(`no alphabet is called ${name}`);
    return { alphabet: alphabetIndex(name), min: Number(min), max: Number(max) };
  });
}

const RUN = /^([A-Za-z0-9]+)\{(\d+)(?:,(\d+))?\}$/;

/**
 * End of the shape that begins at `from`, or -1. A last run must end where the text leaves its
 * alphabet: a longer one is something else. A full stop behind an alphabet with dots is prose.
 */
export function matchForward(
  text: string,
  runs: Runs,
  { from, parts }: { readonly from: number; readonly parts: readonly Part[] },
): number {
  let at = from;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part === undefined) return -1;
    const next =
      'literal' in part
        ? matchLiteral(text, at, part.literal)
        : matchRun(text, runs, { at, part, last: i === parts.length - 1 });
    if (next === -1) return -1;
    at = next;
  }
  return at;
}

const ENCODED_EQUALS = ['%3D', '%3d', '\\u003d', '\\u003D', '&#61;'];

function matchLiteral(text: string, at: number, literal: string): number {
  if (text.startsWith(literal, at)) return at + literal.length;
  if (literal[0] !== '=') return -1;
  let end = at;
  for (let i = 0; i < literal.length; i++) {
    const encoded = ENCODED_EQUALS.find((form) => text.startsWith(form, end));
    if (encoded === undefined) return -1;
    end += encoded.length;
  }
  return end;
}

interface RunMatch {
  readonly at: number;
  readonly part: Extract<Part, { alphabet: number }>;
  readonly last: boolean;
}

function matchRun(text: string, runs: Runs, { at, part, last }: RunMatch): number {
  let end = runs.end(at, part.alphabet);
  if (!last) {
    if (part.min === part.max) return end - at >= part.min ? at + part.min : -1;
    return end - at >= part.min && end - at <= part.max ? end : -1;
  }
  while (end > at && end - at > part.min && text.charCodeAt(end - 1) === FULL_STOP) end--;
  return end - at >= part.min && end - at <= part.max ? end : -1;
}

const FULL_STOP = 46;

/** Start of the shape that ends at `to`, or -1. Bounded by the lengths in the shape. */
export function matchBackward(text: string, to: number, parts: readonly Part[]): number {
  let at = to;
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i];
    if (part === undefined) return -1;
    if ('literal' in part) {
      at -= part.literal.length;
      if (at < 0 || !text.startsWith(part.literal, at)) return -1;
      continue;
    }
    let count = 0;
    while (count < part.max && at > 0 && inAlphabet(text.charCodeAt(at - 1), part.alphabet)) {
      at--;
      count++;
    }
    if (count < part.min) return -1;
  }
  return at;
}
