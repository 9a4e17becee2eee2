import { CONTEXT_KINDS } from './kinds/context.ts';
import { TOKEN_KINDS } from './kinds.ts';
import { spellings } from './spellings.ts';

/*
 * What texts are searched for. Programs are built with the results of this file in its place, so that
 * the tables are loaded only once a text has one of the words.
 */

/** The marks of all kinds, as they are written. */
export const MARKS: readonly string[] = [...new Set(TOKEN_KINDS.flatMap(({ marks }) => marks))];

/** The words that name a kind, in all their spellings. */
export const WORDS: readonly string[] = [
  ...new Set(CONTEXT_KINDS.flatMap(({ words }) => words.flatMap(spellings))),
];
