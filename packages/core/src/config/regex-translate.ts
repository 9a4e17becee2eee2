import {
  charAt,
  foldedLiteral,
  isEscapable,
  literal,
  PERL_CLASSES,
  parseClass,
} from './regex-class.ts';

/** A native expression of the same meaning, and what it can cost. */
export interface Translation {
  readonly source: string;
  /** Ways to match that have nothing to do with the text: alternatives and optional parts. */
  readonly branches: number;
  /** Repetitions whose length depends on the text. None stands inside another. */
  readonly repetitions: number;
}

const MOST_BRANCHES = 4096;
const LONGEST_PATTERN = 4096;
const MOST_COUNTED = 1000;

/**
 * Translates RE2 syntax to a native expression (flag `u`, searched, not anchored), or null for
 * whatever is not surely the same or not surely cheap: nested repetition, flags other than `i`,
 * Unicode classes, mistakes.
 */
export function translateRegex(pattern: string): Translation | null {
  if (pattern.length > LONGEST_PATTERN) return null;
  const translator = new Translator(pattern);
  const whole = translator.alternatives({ fold: false, depth: 0 });
  if (whole === null || !translator.atEnd()) return null;
  return whole.branches > MOST_BRANCHES ? null : whole;
}

interface Part extends Translation {
  /** A group's flags hold until its end, also when they were set in the middle. */
  readonly fold: boolean;
}

interface Scope {
  readonly fold: boolean;
  readonly depth: number;
}

class Translator {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  atEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  alternatives(scope: Scope): Part | null {
    const sources: string[] = [];
    let branches = 0;
    let repetitions = 0;
    let { fold } = scope;
    for (;;) {
      const part = this.#sequence({ ...scope, fold });
      if (part === null) return null;
      sources.push(part.source);
      branches += part.branches;
      repetitions += part.repetitions;
      fold = part.fold;
      if (this.#pattern[this.#at] !== '|') break;
      this.#at++;
    }
    return { source: sources.join('|'), branches, repetitions, fold };
  }

  #sequence(scope: Scope): Part | null {
    let source = '';
    let branches = 1;
    let repetitions = 0;
    let { fold } = scope;
    while (!this.atEnd() && this.#pattern[this.#at] !== '|' && this.#pattern[this.#at] !== ')') {
      const flags = /^\(\?(i|-i)\)/.exec(this.#pattern.slice(this.#at, this.#at + 5));
      if (flags !== null) {
        fold = flags[1] === 'i';
        this.#at += flags[0].length;
        continue;
      }
      const repeated = this.#repeated({ ...scope, fold });
      if (repeated === null) return null;
      source += repeated.source;
      branches *= repeated.branches;
      repetitions += repeated.repetitions;
      if (branches > MOST_BRANCHES) return null;
    }
    return { source, branches, repetitions, fold };
  }

  #repeated(scope: Scope): Translation | null {
    const atom = this.#atom(scope);
    if (atom === null) return null;
    const quantifier = /^(?:[*+?]|\{(\d{1,4})(?:(,)(\d{0,4}))?\})/.exec(
      this.#pattern.slice(this.#at, this.#at + 12),
    );
    if (quantifier === null) {
      return this.#pattern[this.#at] === '{' ? null : atom;
    }
    this.#at += quantifier[0].length;
    const lazy = this.#pattern[this.#at] === '?' ? '?' : '';
    this.#at += lazy.length;
    if (/^[*+?{]/.test(this.#pattern.slice(this.#at, this.#at + 1))) return null;
    if (atom.isAnchor) return null;
    const [text, low, comma, high] = quantifier;
    if (text === '?')
      return { ...atom, source: `${atom.source}?${lazy}`, branches: atom.branches + 1 };
    if (atom.repetitions > 0 || atom.branches > 1 || atom.isGroup) return null;
    if (low !== undefined) {
      const least = Number(low);
      const most = comma === undefined ? least : high === '' ? least : Number(high);
      if (least > MOST_COUNTED || most > MOST_COUNTED || most < least) return null;
      if (comma === undefined) return { ...atom, source: `${atom.source}{${low}}` };
    }
    return { source: atom.source + text + lazy, branches: 1, repetitions: 1 };
  }

  #atom(scope: Scope): (Translation & { isGroup?: boolean; isAnchor?: boolean }) | null {
    const char = charAt(this.#pattern, this.#at);
    const single = { branches: 1, repetitions: 0 };
    switch (char) {
      case '(':
        return this.#group(scope);
      case '[': {
        const parsed = parseClass(this.#pattern, this.#at, scope.fold);
        if (parsed === null) return null;
        this.#at = parsed.end;
        return { source: parsed.source, ...single };
      }
      case '.':
        this.#at++;
        return { source: '[^\\n]', ...single };
      case '^':
      case '$':
        this.#at++;
        return { source: char, ...single, isAnchor: true };
      case '\\':
        return this.#escape(scope);
      case '*':
      case '+':
      case '?':
      case '{':
        return null;
      default: {
        this.#at += char.length;
        const source = scope.fold ? foldedLiteral(char) : literal(char);
        return source === null ? null : { source, ...single };
      }
    }
  }

  #escape(scope: Scope): (Translation & { isAnchor?: boolean }) | null {
    const char = charAt(this.#pattern, this.#at + 1);
    const single = { branches: 1, repetitions: 0 };
    this.#at += 1 + char.length;
    const perl = PERL_CLASSES.get(char.toLowerCase());
    if (perl !== undefined) {
      return { source: `[${char === char.toLowerCase() ? '' : '^'}${perl}]`, ...single };
    }
    if (char === 'A') return { source: '^', ...single, isAnchor: true };
    if (char === 'z') return { source: '$', ...single, isAnchor: true };
    if (char === 'b' || char === 'B') return { source: `\\${char}`, ...single, isAnchor: true };
    if (!isEscapable(char)) return null;
    const source = scope.fold ? foldedLiteral(char) : literal(char);
    return source === null ? null : { source, ...single };
  }

  #group(scope: Scope): (Translation & { isGroup: true }) | null {
    const opening = /^\((?:\?(?:(i|-i)?:))?/.exec(this.#pattern.slice(this.#at, this.#at + 80));
    if (opening === null || scope.depth > 50) return null;
    this.#at += opening[0].length;
    const fold = opening[1] === undefined ? scope.fold : opening[1] === 'i';
    const inner = this.alternatives({ fold, depth: scope.depth + 1 });
    if (inner === null || this.#pattern[this.#at] !== ')') return null;
    this.#at++;
    const { branches, repetitions } = inner;
    return { source: `(?:${inner.source})`, branches, repetitions, isGroup: true };
  }
}
