import { ALPHABETS, type AlphabetName } from './alphabet-letters.ts';
import { MEMBERSHIP } from './membership.ts';

const NAMES = Object.keys(ALPHABETS);

export function isAlphabetName(name: string): name is AlphabetName {
  return NAMES.includes(name);
}

/** Index of an alphabet: what `inAlphabet` and `Runs` take. */
export function alphabetIndex(name: AlphabetName): number {
  return NAMES.indexOf(name);
}

export const ALPHABET_COUNT = NAMES.length;

/** Whether the character code is in the alphabet; NaN (beyond the text) is in none. */
export function inAlphabet(code: number, index: number): boolean {
  return code < 128 && ((MEMBERSHIP[code] ?? 0) & (1 << index)) !== 0;
}

const B62 = alphabetIndex('b62');

export function isAlphanumeric(code: number): boolean {
  return inAlphabet(code, B62);
}
