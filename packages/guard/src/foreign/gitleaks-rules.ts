import { cipherSpans } from '../cipher-spans.ts';
import { entropy } from '../entropy.ts';
import { keyName, say } from '../mask.ts';
import type { Source } from '../source.ts';
import type { FileRule, Problem } from '../types.ts';
import { isAllowed } from './gitleaks-allow.ts';
import type { GitleaksRule } from './gitleaks-config.ts';

/** Rule of the findings that a repository's own rules of gitleaks make. */
export const OWN_RULE = 'plaintext/own-rule';

/** A line with more words has no word picked out as the secret, so that its cost stays linear. */
const MOST_WORDS = 40;
const LONGEST_LINE = 2000;

/** Judges by the rules of a `.gitleaks.toml`, line by line, with what is encrypted taken out. */
export function ownRules(rules: readonly GitleaksRule[]): FileRule {
  return {
    id: OWN_RULE,
    severity: 'error',
    title: 'Something that a rule of .gitleaks.toml looks for',
    docs: {
      why: 'The repository itself says that this must not be in it.',
      fix: 'Change the secret and keep it in an encrypted file, or add an allowlist to the rule.',
    },
    yields: true,
    *check(source) {
      for (const rule of rules) yield* judge(rule, source);
    },
  };
}

function* judge(rule: GitleaksRule, source: Source): Iterable<Problem> {
  if (rule.path !== null && !rule.path(source.path)) return;
  if (rule.regex === null) {
    yield { ...problem(rule), span: null };
    return;
  }
  const text = source.derive(openText);
  if (text === '' || !rule.regex(text)) return;
  const lower = source.derive(lowerText);
  if (rule.keywords.length > 0 && !rule.keywords.some((word) => lower.includes(word))) return;
  let isInLine = false;
  for (let at = 0; at < source.lines.count; at++) {
    const { start, end } = source.lines.lineSpan(at);
    const line = text.slice(start, end);
    if (!rule.regex(line)) continue;
    isInLine = true;
    const secret = secretOf(rule, line);
    if (rule.entropy > 0 && entropy(secret.text) <= rule.entropy) continue;
    const place = { path: source.path, line, match: line, secret: secret.text, commit: null };
    if (rule.allowlists.some((list) => isAllowed(list, { ...place, ids: [rule.id] }))) continue;
    const from = start + secret.at;
    const span = { start: from, end: from + secret.text.length };
    yield { ...problem(rule), span, value: secret.text };
  }
  if (!isInLine) yield { ...problem(rule), span: null };
}

function problem({ id }: GitleaksRule): Omit<Problem, 'span'> {
  return {
    kind: keyName(id),
    message: say`found by the rule ${keyName(id)} of .gitleaks.toml`,
    hint: say`Change what is secret in it, then encrypt the file: tidelock encrypt -i FILE`,
  };
}

/** The most random word without which the rule does not match, or the whole line. */
function secretOf({ regex }: GitleaksRule, line: string): { text: string; at: number } {
  const whole = { text: line.trim(), at: line.length - line.trimStart().length };
  if (line.length > LONGEST_LINE || regex === null) return whole;
  const words = [...line.matchAll(/[^\s"'`=:,;()[\]{}<>]+/g)];
  if (words.length > MOST_WORDS) return whole;
  const needed = words
    .filter(({ 0: word, index }) => !regex(line.slice(0, index) + line.slice(index + word.length)))
    .sort((a, b) => entropy(b[0]) - entropy(a[0]));
  const [best] = needed;
  return best === undefined ? whole : { text: best[0], at: best.index };
}

/** The text with ciphertext blanked, places unchanged. */
function openText(source: Source): string {
  const text = source.text ?? '';
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of cipherSpans(source)) {
    if (start < from) continue;
    parts.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

function lowerText(source: Source): string {
  return (source.text ?? '').toLowerCase();
}
