import { TidelockError } from '../errors.ts';
import { Automaton } from './regex/automaton.ts';
import { RegexSyntaxError } from './regex/expression.ts';
import { parseRegex } from './regex/parse.ts';
import { buildProgram } from './regex/program.ts';

/** Whether the expression is found anywhere in a text. */
export type Matches = (text: string) => boolean;

const LONGEST_PATTERN = 64 * 1024;

const compiled = new Map<string, Matches>();
const MOST_COMPILED = 64;

/**
 * A regular expression with the meaning Go's RE2 gives it, searched unanchored, as `.sops.yaml` and
 * the sops block use them. Takes time linear in the text whatever the expression, so those of files
 * under examination are safe to run.
 * @throws TidelockError ERR_REGEX; the position is the place within the pattern
 */
export function compileRegex(pattern: string): Matches {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const automaton = build(pattern);
  const matches: Matches = (text) => automaton.matches(text);
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  compiled.set(pattern, matches);
  return matches;
}

function build(pattern: string): Automaton {
  if (pattern.length > LONGEST_PATTERN) {
    const message = `a regular expression of ${pattern.length} characters is too long`;
    const hint = `At most ${LONGEST_PATTERN} characters are read.`;
    throw new TidelockError('ERR_REGEX', message, { hint });
  }
  try {
    return new Automaton(buildProgram(parseRegex(pattern)));
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    const place = `at character ${error.offset + 1}`;
    throw new TidelockError(
      'ERR_REGEX',
      `\`${shown(pattern)}\` is no regular expression: ${error.message} (${place})`,
      {
        hint: 'The syntax is RE2 (Go): no look-around, no back-references.',
        position: { line: 1, column: error.offset + 1 },
      },
    );
  }
}

const shown = (pattern: string) => (pattern.length > 80 ? `${pattern.slice(0, 77)}...` : pattern);
