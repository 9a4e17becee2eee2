import { looksRandom } from '../entropy.ts';
import { mentionsSecret, wordsOf } from '../key-names.ts';
import type { TextSpan } from '../types.ts';
import { isAlphanumeric } from './alphabets.ts';
import type { ContextKind } from './kind.ts';
import { isPlaceholderToken } from './placeholder-token.ts';
import type { Runs } from './runs.ts';
import { matchForward, type Part } from './shape.ts';

export interface ContextRow {
  readonly kind: ContextKind;
  readonly shapes: readonly (readonly Part[])[];
}

export interface ContextHit extends TextSpan {
  readonly kind: ContextKind;
  /** The name says that it is a secret. */
  readonly named: boolean;
}

/** The name around a word and where the value assigned to it begins. */
export interface Assignment {
  readonly name: string;
  readonly valueStart: number;
}

/** How a value follows a name: `name: v`, `"name" => "v"`, `name v`, or `value:` on the next line. */
const ASSIGNMENT =
  /["'`\])]{0,2}(?:[ \t]{0,8}(?::=|=>|={1,2}|:|,|[ \t])[ \t]{0,8}|\s{1,200}(?:- )?["']?value["']?[ \t]{0,4}[:=][ \t]{0,4})["'`([]{0,2}/y;

const LONGEST_NAME = 80;

/** The assignment that a word at `word` stands in the name of; null when the word is part of another. */
export function assignmentAt(text: string, word: TextSpan): Assignment | null {
  if (!isWholeWord(text, word)) return null;
  let start = word.start;
  while (start > 0 && word.start - start < LONGEST_NAME && isNameCode(text.charCodeAt(start - 1))) {
    start--;
  }
  let end = word.end;
  while (end - word.end < LONGEST_NAME && isNameCode(text.charCodeAt(end))) end++;
  ASSIGNMENT.lastIndex = end;
  const found = ASSIGNMENT.exec(text);
  if (found === null) return null;
  return { name: text.slice(start, end), valueStart: end + found[0].length };
}

function isNameCode(code: number): boolean {
  return isAlphanumeric(code) || code === 95 || code === 45 || code === 46;
}

/** Not `sandbox` for `box`: letters of the same case may not run on. */
function isWholeWord(text: string, { start, end }: TextSpan): boolean {
  const before = text.charCodeAt(start - 1);
  const first = text.charCodeAt(start);
  if (isLower(before) && !isUpper(first)) return false;
  if (isUpper(before) && isUpper(first)) return false;
  const last = text.charCodeAt(end - 1);
  const after = text.charCodeAt(end);
  if (isLower(after)) return false;
  return !(isUpper(after) && isUpper(last));
}

function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** The value of this assignment, when it has one of the kind's shapes and is neither example nor hash. */
export function matchContext(
  text: string,
  runs: Runs,
  { row, assignment }: { readonly row: ContextRow; readonly assignment: Assignment },
): ContextHit | null {
  const start = assignment.valueStart;
  if (isHashName(assignment.name)) return null;
  for (const parts of row.shapes) {
    const end = matchForward(text, runs, { from: start, parts });
    if (end === -1 || runsOn(text.charCodeAt(end))) continue;
    if (!passes(text.slice(start, end))) continue;
    return { kind: row.kind, start, end, named: mentionsSecret(assignment.name) };
  }
  return null;
}

function runsOn(code: number): boolean {
  return isAlphanumeric(code) || code === 95 || code === 45 || code === 47 || code === 43;
}

const CHANCE_WORDS = /test|foo|bar|dev|local|prod|null|none|true|false|here/i;

/** Digits and letters, no example, and in its longest part as random as its length allows. */
function passes(value: string): boolean {
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (isPlaceholderToken(value)) return false;
  const [longest = ''] = value.split(/[^A-Za-z0-9]+|A{10}/).sort((a, b) => b.length - a.length);
  if (longest.length < 16) return !CHANCE_WORDS.test(longest);
  const part = longest.replace(/^0x/, '');
  return looksRandom(/^[0-9a-f]+$/i.test(part) ? part.toLowerCase() : part);
}

const HASH_WORDS = new Set([
  'sha',
  'sha1',
  'sha256',
  'sha512',
  'md',
  'md5',
  'hash',
  'commit',
  'digest',
  'checksum',
  'etag',
  'rev',
  'revision',
  'ref',
  'integrity',
  'fingerprint',
  'version',
  'image',
  'tag',
  'trace',
  'span',
]);

function isHashName(name: string): boolean {
  return wordsOf(name).some((word) => HASH_WORDS.has(word));
}
