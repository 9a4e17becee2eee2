import { ALPHABETS } from './alphabet-letters.ts';

/** Which alphabets each ASCII character is in, a bit for each. Programs are built with the result. */
export const MEMBERSHIP: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  Object.values(ALPHABETS).reduce(
    (bits, letters, bit) =>
      letters.includes(String.fromCharCode(code)) ? bits | (1 << bit) : bits,
    0,
  ),
);
