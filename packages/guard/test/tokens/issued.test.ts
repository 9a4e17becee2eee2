import { describe, expect, it } from 'vitest';
import { CONTENT_RULES, check, Source } from '../../src/index.ts';
import { ALPHABETS, ISSUED } from './issued.ts';
import { Random } from './random.ts';
import { SURROUNDINGS, surround } from './surroundings.ts';

const issue = (form: string, random: Random) =>
  form.replace(/<(\w+):(\d+)>/g, (_, alphabet: string, length: string) =>
    random.text(ALPHABETS[alphabet] ?? '', Number(length)),
  );

function accused(text: string): boolean {
  const source = new Source('notes.txt', Buffer.from(text));
  return check([source], CONTENT_RULES).some(({ severity }) => severity === 'error');
}

/** Of nineteen places; a random body may look like something else. */
const MOST_MISSED = 1;

describe('a token as its issuer describes it', () => {
  // The issuer's word stands there: not every form could be told from others without it.
  const surroundings = SURROUNDINGS.filter((one) => one.includes('WORD'));

  it.each(ISSUED.map(([issuer, form], row) => [`${issuer} ${form}`, row, issuer, form] as const))(
    '%s',
    (_, row, issuer, form) => {
      const random = new Random(row);
      const missed = surroundings.filter(
        (surrounding) => !accused(surround(surrounding, issue(form, random), issuer)),
      );
      expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(MOST_MISSED);
    },
  );
});
