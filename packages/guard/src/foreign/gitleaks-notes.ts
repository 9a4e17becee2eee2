import { ownWords, type SafeText, say } from '../mask.ts';
import type { FileRule } from '../types.ts';
import type { GitleaksConfig, GitleaksNote, GitleaksNoteReason } from './gitleaks-config.ts';
import { isKnownName } from './gitleaks-names.ts';

/** Rule of what is judged otherwise than gitleaks does. */
export const NOTE_RULE = 'config/gitleaks';

/**
 * What of a configuration is judged otherwise than by gitleaks or does nothing. `ownIds` are those of
 * every rule that it and the files it extends bring.
 */
export function notesOf(
  { notes, mentions }: Pick<GitleaksConfig, 'notes' | 'mentions'>,
  ownIds: ReadonlySet<string>,
): readonly GitleaksNote[] {
  const unknown = mentions
    .filter(({ id }) => !ownIds.has(id) && !isKnownName(id))
    .map(({ key, at }) => ({ key, reason: 'unknown' as const, at }));
  return [...notes, ...unknown];
}

interface Words {
  readonly message: SafeText;
  readonly hint: SafeText;
}

const WORDS: Readonly<Record<GitleaksNoteReason, (key: SafeText) => Words>> = {
  group: (key) => ({
    message: say`${key} is judged by the most random word that the match needs, not by a group`,
    hint: say`Nothing has to be done as long as the rule finds what it should.`,
  }),
  default: (key) => ({
    message: say`${key} brings no rule: tidelock looks with its own for what those of gitleaks look for`,
    hint: say`Nothing has to be done; the rules are listed in docs/reference/rules.md.`,
  }),
  empty: () => ({
    message: say`this allowlist has neither paths, regexes, stopwords nor commits and does nothing`,
    hint: say`Say what it allows, or remove it.`,
  }),
  unknown: (key) => ({
    message: say`${key} names a rule that is neither in this configuration nor known here, so that this part does nothing`,
    hint: say`Correct the name; a finding of tidelock's own is silenced by an allow entry in .tidelock.yaml.`,
  }),
};

/** Names what of a `.gitleaks.toml` is judged otherwise than gitleaks does. */
export function ownRuleNotes(notes: readonly GitleaksNote[]): FileRule {
  return {
    id: NOTE_RULE,
    severity: 'note',
    title: 'A part of .gitleaks.toml that is judged otherwise than by gitleaks, or does nothing',
    docs: {
      why: 'Something could be found here and not there, or the other way round.',
      fix: 'Correct names that mean nothing here; keep the rest in mind when the two disagree.',
    },
    *check(source) {
      for (const { key, reason, at } of notes) {
        const { start, end } = source.lines.lineSpan(at.line - 1);
        const words = WORDS[reason](ownWords(key));
        yield {
          span: { start: start + at.column - 1, end },
          severity: reason === 'unknown' || reason === 'empty' ? 'warning' : 'note',
          kind: key,
          ...words,
        };
      }
    },
  };
}
