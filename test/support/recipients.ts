import { readFileSync } from 'node:fs';
import { vector } from './program.ts';

const recipientIn = (name: string): string =>
  /age1[a-z0-9]+/.exec(readFileSync(vector(name), 'utf8'))?.[0] ?? '';

/** The public sides of the age keys in test/vectors. */
export const RECIPIENT_1 = recipientIn('age-key1.txt');
export const RECIPIENT_2 = recipientIn('age-key2.txt');
export const RECIPIENT_3 = recipientIn('age-key3.txt');
