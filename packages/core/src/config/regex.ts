import { TidelockError } from '../errors.ts';
import { loadRe2 } from './re2.ts';
import { type Translation, translateRegex } from './regex-translate.ts';

/** Whether the expression is found anywhere in a text. */
export type Matches = (text: string) => boolean;

/** Steps a native expression may take at worst; beyond it the linear-time engine decides. */
const MOST_STEPS = 4_000_000;
const LONGEST_PATTERN = 64 * 1024;

/**
 * A regular expression with the meaning Go's RE2 gives it, searched unanchored, as `.sops.yaml` and
 * the sops block use them. Never takes more than linear time: what native backtracking cannot bound
 * runs on RE2.
 * @throws TidelockError ERR_REGEX; the position is the offset within the pattern
 */
export function compileRegex(pattern: string): Matches {
  if (pattern.length > LONGEST_PATTERN) {
    throw new TidelockError(
      'ERR_REGEX',
      `a regular expression of ${pattern.length} characters is too long`,
      {
        hint: `At most ${LONGEST_PATTERN} characters are read.`,
      },
    );
  }
  const translation = translateRegex(pattern);
  if (translation === null) return compileRe2(pattern);
  const native = new RegExp(translation.source, 'u');
  const longest = longestCheapText(translation);
  let linear: Matches | null = null;
  return (text) => {
    if (text.length <= longest) return native.test(text);
    linear ??= compileRe2(pattern);
    return linear(text);
  };
}

/** Backtracking tries at most branches * n^(repetitions + 1) ways on a text of n characters. */
function longestCheapText({ branches, repetitions }: Translation): number {
  return Math.floor((MOST_STEPS / branches) ** (1 / (repetitions + 1)));
}

function compileRe2(pattern: string): Matches {
  const { RE2JS } = loadRe2();
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    throw new TidelockError(
      'ERR_REGEX',
      `\`${shown(pattern)}\` is no regular expression: ${reasonOf(error)}`,
      {
        hint: 'The syntax is RE2 (Go): no look-around, no back-references.',
      },
    );
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return (
    message.replace(/^error parsing regexp: /, '').replace(/: `[\s\S]*`$/, '') ||
    'it does not parse'
  );
}

const shown = (pattern: string) => (pattern.length > 80 ? `${pattern.slice(0, 77)}...` : pattern);
