import { isDocumented } from '../documented-values.ts';
import { entropy, entropyFloor } from '../entropy.ts';

/** Words nobody meets by chance in a random token: four letters and more. */
const WORDS = [
  'example',
  'sample',
  'dummy',
  'fake',
  'mock',
  'placeholder',
  'changeme',
  'change-me',
  'change_me',
  'replace',
  'insert',
  'your',
  'redacted',
  'removed',
  'masked',
  'hidden',
  'notreal',
  'not-a-real',
  'not_a_real',
  'invalid',
  'secret',
  'token',
  'goes-here',
  'goes_here',
  'xxxx',
  'deadbeef',
  'cafebabe',
  'foobar',
  'qwerty',
  'lorem',
  'undefined',
  'todo',
];

/**
 * Whether a body of the right shape is an example: by its words, by repetition, by a run of
 * neighbours, or by far too little variety. A random body is taken for one in fewer than 1 of 1,000.
 */
export function isPlaceholderToken(body: string): boolean {
  const lower = body.toLowerCase();
  return (
    WORDS.some((word) => lower.includes(word)) ||
    isDocumented(body) ||
    LONG_REPEAT.test(body) ||
    hasDominantCharacter(body) ||
    hasShortPeriod(body) ||
    hasLongSequence(lower) ||
    hasLittleVariety(body)
  );
}

/** Eight times the same; base64 of nothing is a row of `A`. */
const LONG_REPEAT = /([^A])\1{7}/;

function hasLittleVariety(body: string): boolean {
  const compact = body.replace(/[^A-Za-z0-9]/g, '');
  return compact.length >= 12 && entropy(compact) < entropyFloor(compact) * 0.75;
}

function hasDominantCharacter(body: string): boolean {
  const counts = new Map<string, number>();
  let most = 0;
  for (const char of body) {
    const count = (counts.get(char) ?? 0) + 1;
    counts.set(char, count);
    if (count > most) most = count;
  }
  return most >= body.length * 0.6;
}

function hasShortPeriod(body: string): boolean {
  for (let period = 1; period <= 4; period++) {
    let same = 0;
    for (let i = period; i < body.length; i++) if (body[i] === body[i - period]) same++;
    if (same >= (body.length - period) * 0.8) return true;
  }
  return false;
}

/** Eight neighbours in a row: `abcdefgh`, `12345678`, `87654321`, `1234567890`. */
function hasLongSequence(lower: string): boolean {
  let up = 1;
  let down = 1;
  for (let i = 1; i < lower.length; i++) {
    const step = lower.charCodeAt(i) - lower.charCodeAt(i - 1);
    const wraps = lower[i] === '0' && lower[i - 1] === '9';
    up = step === 1 || wraps ? up + 1 : 1;
    down = step === -1 ? down + 1 : 1;
    if (up >= 8 || down >= 8) return true;
  }
  return false;
}
