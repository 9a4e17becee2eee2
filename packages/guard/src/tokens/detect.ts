import type { Severity, TextSpan } from '../types.ts';
import { alphabetIndex, inAlphabet, isAlphanumeric } from './alphabets.ts';
import { findAwsSecrets } from './aws-pair.ts';
import { verifyChecksum } from './checksums.ts';
import { confirm } from './confirm.ts';
import { assignmentAt, type ContextHit, matchContext } from './detect-context.ts';
import type { Level } from './kind.ts';
import { isPlaceholderToken } from './placeholder-token.ts';
import { Runs } from './runs.ts';
import { matchBackward, matchForward, type Part } from './shape.ts';
import { contextSeverity, type IndexedKind, tokenIndex } from './token-index.ts';

/** A token found in a text. */
export interface TokenHit extends TextSpan {
  readonly kind: string;
  /** In words, for a message. */
  readonly issuer: string;
  readonly severity: Severity;
  /** The issuer's checksum did not fit: an older form, a damaged copy or an example. */
  readonly checksumFailed: boolean;
}

export interface DetectOptions {
  /** Seconds since 1970, for tokens that carry their expiry; null: unknown. */
  readonly now?: number | null;
  /** Ciphertext and the like, in order and apart: nothing in there is a token. */
  readonly skip?: readonly TextSpan[];
}

/**
 * Every token in the text, in order, none overlapping. One pass of an automaton over the marks and
 * words of the table; each hit costs a bounded amount, so the whole is linear in the text.
 */
export function detectTokens(text: string, options: DetectOptions = {}): TokenHit[] {
  const scan = new Scan(text, options);
  const index = tokenIndex();
  index.automaton.search(text, (word, start, end) => {
    const mark = index.markOf(word);
    if (mark !== undefined) {
      // The search takes letters of either case for the same.
      if (text.startsWith(mark, start)) scan.atMark(index.kindsOf(mark), { start, end });
      return;
    }
    const assignment = assignmentAt(text, { start, end });
    if (assignment === null) return;
    for (const row of index.rowsOf(word)) {
      const hit = matchContext(text, scan.runs, { row, assignment });
      if (hit !== null) scan.addContext(hit, end - start);
    }
  });
  return withoutOverlaps([...scan.hits, ...findAwsSecrets(text, scan.hits)], options.skip ?? []);
}

class Scan {
  readonly hits: TokenHit[] = [];
  readonly runs: Runs;
  readonly #text: string;
  readonly #now: number | null;
  #last: TextSpan = { start: 0, end: 0 };
  #context: { start: number; index: number; wordLength: number } | null = null;

  constructor(text: string, options: DetectOptions) {
    this.#text = text;
    this.#now = options.now ?? null;
    this.runs = new Runs(text);
  }

  /** Of two words in one name the longer decides: `algolia_search_key` is no `algolia_key`. */
  addContext(hit: ContextHit, wordLength: number): void {
    const previous = this.#context;
    if (previous !== null && previous.start === hit.start) {
      if (previous.wordLength > wordLength) return;
      if (previous.wordLength < wordLength) {
        const [first] = this.hits.splice(previous.index);
        if (first === undefined) return;
      }
    }
    const index = previous?.start === hit.start ? previous.index : this.hits.length;
    this.#context = { start: hit.start, index: Math.min(index, this.hits.length), wordLength };
    this.hits.push({
      start: hit.start,
      end: hit.end,
      kind: hit.kind.id,
      issuer: '',
      severity: contextSeverity(hit.kind.level, hit.named),
      checksumFailed: false,
    });
  }

  atMark(kinds: readonly IndexedKind[], mark: TextSpan): void {
    if (mark.start > this.#last.start && mark.start < this.#last.end) return;
    for (const indexed of kinds) {
      const span = this.#spanOf(indexed, mark);
      if (span === null) continue;
      const hit = this.#judge(indexed, span, mark);
      if (hit === null) continue;
      this.hits.push(hit);
      if (hit.end > this.#last.end) this.#last = hit;
    }
  }

  #spanOf(indexed: IndexedKind, mark: TextSpan): TextSpan | null {
    const text = this.#text;
    const start =
      indexed.before.length === 0 ? mark.start : matchBackward(text, mark.start, indexed.before);
    if (start === -1 || !startsHere(text, start, indexed.before[0])) return null;
    const end = matchForward(text, this.runs, { from: mark.end, parts: indexed.parts });
    if (end === -1) return null;
    if (indexed.parts.length === 0 && isAlphanumeric(text.charCodeAt(end))) return null;
    return { start, end };
  }

  #judge({ kind, before }: IndexedKind, span: TextSpan, mark: TextSpan): TokenHit | null {
    const text = this.#text;
    if (kind.words.length > 0 && !hasWordNear(text, span, kind.words)) return null;
    if (insideBlob(text, span, mark)) return null;
    const verdict =
      kind.confirm === undefined
        ? 'secret'
        : confirm(kind.confirm, { text, ...span, now: this.#now });
    if (verdict === 'not-a-token') return null;
    const body =
      before.length === 0 ? text.slice(mark.end, span.end) : text.slice(span.start, span.end);
    if (isPlaceholderToken(body)) return null;
    const checksumFailed =
      kind.checksum !== undefined &&
      verifyChecksum(kind.checksum, text.slice(span.start, span.end)) === 'no';
    const possible = verdict === 'possible' || checksumFailed;
    const severity = verdict === 'harmless' ? 'note' : severityOf(kind.level, possible);
    return { ...span, kind: kind.id, issuer: kind.issuer, severity, checksumFailed };
  }
}

function severityOf(level: Level, possible: boolean): Severity {
  if (level === 'live') return possible ? 'warning' : 'error';
  if (level === 'test') return 'warning';
  return level === 'id' && possible ? 'warning' : 'note';
}

/**
 * Nothing of a longer word stands in front; an escape (`\n`, `%20`, `\u003d`) does not count, nor does
 * the word that Telegram puts before a token in its addresses.
 */
function startsHere(text: string, start: number, lead: Part | undefined): boolean {
  const before = text.charCodeAt(start - 1);
  const runsInto =
    isAlphanumeric(text.charCodeAt(start)) && (isAlphanumeric(before) || before === UNDERSCORE);
  const continues = lead !== undefined && 'alphabet' in lead && inAlphabet(before, lead.alphabet);
  return (
    (!runsInto && !continues) || endsInEscape(text, start) || text.startsWith('/bot', start - 4)
  );
}

function endsInEscape(text: string, end: number): boolean {
  const before = text.charCodeAt(end - 1);
  if (text[end - 2] === '\\' && (before === 110 || before === 114 || before === 116)) return true;
  const lead = text.slice(Math.max(0, end - 6), end);
  return /(?:%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})$/.test(lead);
}

const UNDERSCORE = 95;
const NEAR_BEFORE = 100;
const NEAR_AFTER = 60;

function hasWordNear(text: string, span: TextSpan, words: readonly string[]): boolean {
  const before = text.slice(Math.max(0, span.start - NEAR_BEFORE), span.start).toLowerCase();
  const after = text.slice(span.end, span.end + NEAR_AFTER).toLowerCase();
  return words.some((word) => before.includes(word) || after.includes(word));
}

const B64 = alphabetIndex('b64');
const SHORT_MARK = 6;

/** A short mark in the middle of base64 is chance. */
function insideBlob(text: string, span: TextSpan, mark: TextSpan): boolean {
  if (mark.end - mark.start >= SHORT_MARK) return false;
  const before = text.charCodeAt(span.start - 1);
  const after = text.charCodeAt(span.end);
  return (before === 43 || before === 47) && inAlphabet(after, B64);
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Of hits that overlap the first, of those the longest, of those the gravest. */
function withoutOverlaps(hits: readonly TokenHit[], skip: readonly TextSpan[]): TokenHit[] {
  const ordered = [...hits].sort(
    (a, b) => a.start - b.start || b.end - a.end || RANK[a.severity] - RANK[b.severity],
  );
  const kept: TokenHit[] = [];
  let end = 0;
  let next = 0;
  for (const hit of ordered) {
    while (next < skip.length && (skip[next]?.end ?? 0) <= hit.start) next++;
    const skipped = skip[next];
    if (skipped !== undefined && skipped.start < hit.end) continue;
    if (hit.start < end) continue;
    kept.push(hit);
    end = hit.end;
  }
  return kept;
}
