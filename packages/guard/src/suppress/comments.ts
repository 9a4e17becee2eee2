import type { Source } from '../source.ts';

/** A comment that silences findings on one line, or from one line to another. */
export interface Suppression {
  /** 0-based, both included. */
  readonly fromLine: number;
  readonly toLine: number;
  /** null: every rule that such a comment may silence. */
  readonly rule: string | null;
  readonly reason: string | null;
  /** Of another tool: silences tokens and names of keys only. */
  readonly foreign: boolean;
  /** The line that the comment itself is on. */
  readonly line: number;
}

/** Rules that the markers of other tools may silence. */
export const FOREIGN_RULES: readonly string[] = [
  'plaintext/token',
  'plaintext/sensitive-key',
  'plaintext/auth-header',
  'plaintext/connection-string',
];

const MARKER =
  /tidelock:allow[ \t]+(?<own>[a-z]+\/[a-z-]+)[ \t]+--[ \t]+(?<reason>\S[^\n]{0,300})|(?:gitleaks|betterleaks):allow|pragma: ?(?:allowlist|whitelist) (?<next>nextline )?secret|secretlint-disable(?<scope>-next-line|-line)?|secretlint-(?<enable>enable)/g;

/** Every comment that silences something. Text in a value is no comment. */
export function suppressionsOf(source: Source): readonly Suppression[] {
  return source.derive(findSuppressions);
}

function findSuppressions(source: Source): readonly Suppression[] {
  const text = source.text;
  if (text === null || !/(?:leaks|tidelock):allow|pragma|secretlint-/.test(text)) return [];
  const found: Suppression[] = [];
  let disabledFrom: { line: number; index: number } | null = null;
  for (const match of text.matchAll(MARKER)) {
    const line = source.lines.lineAt(match.index);
    if (!isInComment(text, source.lines.lineSpan(line).start, match.index)) continue;
    const { own, reason, next, scope, enable } = match.groups ?? {};
    const base = { line, rule: null, reason: null, foreign: true };
    if (own !== undefined) {
      const alone = isAlone(text, source.lines.lineSpan(line).start, match.index);
      const at = alone ? line + 1 : line;
      const words = trimComment(reason ?? '');
      found.push({ ...base, fromLine: at, toLine: at, rule: own, reason: words, foreign: false });
    } else if (enable !== undefined) {
      if (disabledFrom !== null) {
        const open = found[disabledFrom.index];
        if (open !== undefined) found[disabledFrom.index] = { ...open, toLine: line };
      }
      disabledFrom = null;
    } else if (match[0] === 'secretlint-disable') {
      disabledFrom = { line, index: found.length };
      found.push({ ...base, fromLine: line, toLine: Number.POSITIVE_INFINITY });
    } else {
      const at = next !== undefined || scope === '-next-line' ? line + 1 : line;
      found.push({ ...base, fromLine: at, toLine: at });
    }
  }
  return found;
}

const COMMENT_START = /(?:^|[\s;,{}[\]("'`])(?:#|\/\/|\/\*|<!--|--|;|%|\{\{-?\s*\/\*|REM\s|rem\s)/;

/** Behind a comment's beginning that stands in no quotes. */
function isInComment(text: string, lineStart: number, at: number): boolean {
  const before = text.slice(Math.max(lineStart, at - 400), at);
  const unquoted = before.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/g, '""');
  const start = COMMENT_START.exec(` ${unquoted}`);
  if (start === null) return /^\s*(?:\*|#|\/\/|;|<!--|--)/.test(before);
  const head = ` ${unquoted}`.slice(0, start.index + start[0].length);
  return (head.match(/["'`]/g)?.length ?? 0) % 2 === 0;
}

/** Nothing but the comment stands on the line: it is about the next one. */
function isAlone(text: string, lineStart: number, at: number): boolean {
  return /^\s*(?:#+|\/\/+|\/\*+|<!--|--|;+|%|\*|\{\{-?\s*\/\*)?\s*$/.test(
    text.slice(Math.max(lineStart, at - 200), at),
  );
}

function trimComment(reason: string): string {
  return reason.replace(/(?:\*\/|-->|\*\/\s*-?\}\})\s*$/, '').trim();
}
