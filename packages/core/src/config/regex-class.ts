/**
 * Character classes of RE2 as classes of a native expression with the `u` flag. Sets are text between
 * the brackets, without them.
 */
export const PERL_CLASSES: ReadonlyMap<string, string> = new Map([
  ['d', '0-9'],
  ['w', '0-9A-Za-z_'],
  ['s', '\\t\\n\\f\\r '],
]);

const POSIX_CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', '0-9A-Za-z'],
  ['alpha', 'A-Za-z'],
  ['digit', '0-9'],
  ['lower', 'a-z'],
  ['upper', 'A-Z'],
  ['space', '\\t\\n\\x0b\\f\\r '],
  ['word', '0-9A-Za-z_'],
  ['xdigit', '0-9A-Fa-f'],
]);

/** Characters that fold to an ASCII letter from outside ASCII. */
const FOREIGN_FOLDS: ReadonlyMap<string, string> = new Map([
  ['k', '\\u212a'],
  ['s', '\\u017f'],
]);

/** One character, escaped for use inside or outside a class. */
export function literal(char: string): string {
  return /^[A-Za-z0-9_ ]$/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** One character in both cases; null where folding goes beyond ASCII. */
export function foldedLiteral(char: string): string | null {
  const set = foldedSet(char);
  return set === null ? null : `[${set}]`;
}

function foldedSet(char: string): string | null {
  const code = char.codePointAt(0) ?? 0;
  if (code > 0x7f) return null;
  const lower = char.toLowerCase();
  const upper = char.toUpperCase();
  if (lower === upper) return literal(char);
  return lower + upper + (FOREIGN_FOLDS.get(lower) ?? '');
}

export interface ParsedClass {
  /** The whole class with its brackets. */
  readonly source: string;
  /** Offset behind the closing bracket. */
  readonly end: number;
}

/** Reads the class whose `[` is at `start`; null for what is not surely understood. */
export function parseClass(pattern: string, start: number, fold: boolean): ParsedClass | null {
  let at = start + 1;
  const negated = pattern[at] === '^';
  if (negated) at++;
  let set = '';
  let first = true;
  for (;;) {
    const char = charAt(pattern, at);
    if (char === '') return null;
    if (char === ']' && !first) break;
    first = false;
    const posix = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12));
    if (posix !== null) {
      const members = POSIX_CLASSES.get(posix[1] ?? '');
      if (members === undefined || fold) return null;
      set += members;
      at += posix[0].length;
      continue;
    }
    if (char === '\\' && PERL_CLASSES.has(pattern[at + 1] ?? '')) {
      set += PERL_CLASSES.get(pattern[at + 1] ?? '');
      at += 2;
      continue;
    }
    const low = member(pattern, at);
    if (low === null) return null;
    at = low.end;
    if (pattern[at] !== '-' || pattern[at + 1] === ']') {
      const single = fold ? foldedSet(low.char) : literal(low.char);
      if (single === null) return null;
      set += single;
      continue;
    }
    const high = member(pattern, at + 1);
    if (high === null || fold || (high.char.codePointAt(0) ?? 0) < (low.char.codePointAt(0) ?? 0)) {
      const letters = high === null ? null : foldedRange(low.char, high.char);
      if (letters === null) return null;
      set += letters;
    } else {
      set += `${literal(low.char)}-${literal(high.char)}`;
    }
    at = high?.end ?? at;
  }
  return { source: `[${negated ? '^' : ''}${set}]`, end: at + 1 };
}

/** Ranges that fold simply: digits, and whole runs of letters of one case. */
function foldedRange(low: string, high: string): string | null {
  if (/^[0-9]$/.test(low) && /^[0-9]$/.test(high) && low <= high) return `${low}-${high}`;
  const sameCase =
    (/^[a-z]$/.test(low) && /^[a-z]$/.test(high)) || (/^[A-Z]$/.test(low) && /^[A-Z]$/.test(high));
  if (!sameCase || low > high) return null;
  const [from, to] = [low.toLowerCase(), high.toLowerCase()];
  const foreign = [...FOREIGN_FOLDS]
    .filter(([letter]) => letter >= from && letter <= to)
    .map(([, code]) => code);
  return `${from}-${to}${from.toUpperCase()}-${to.toUpperCase()}${foreign.join('')}`;
}

function member(pattern: string, at: number): { char: string; end: number } | null {
  const char = charAt(pattern, at);
  if (char === '' || char === '[') return null;
  if (char !== '\\') return { char, end: at + char.length };
  const escaped = charAt(pattern, at + 1);
  return isEscapable(escaped) ? { char: escaped, end: at + 2 } : null;
}

export function isEscapable(char: string): boolean {
  return /^[!-/:-@[-^`{-~]$/.test(char);
}

/** The whole character (one or two UTF-16 units) at an offset; '' at the end. */
export function charAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}
