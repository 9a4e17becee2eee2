import {
  type CreationRule,
  compileRegex,
  DEFAULT_SELECTION,
  type Format,
  type Selection,
  type SelectionRule,
  TidelockError,
} from '@tidelock/core';
import { CommandError } from './command-error.ts';
import { ExitCodeError } from './exit-codes.ts';
import type { Flags } from './flags.ts';

const CONFLICT = 8;

const SELECTION_FLAG_NAMES: readonly (readonly [SelectionRule, string])[] = [
  ['unencrypted_suffix', 'unencrypted-suffix'],
  ['encrypted_suffix', 'encrypted-suffix'],
  ['unencrypted_regex', 'unencrypted-regex'],
  ['encrypted_regex', 'encrypted-regex'],
  ['unencrypted_comment_regex', 'unencrypted-comment-regex'],
  ['encrypted_comment_regex', 'encrypted-comment-regex'],
];

export interface EncryptionSettings {
  /** null: binary files have none. */
  readonly selection: Selection | null;
  readonly macOnlyEncrypted: boolean;
  readonly shamirThreshold: number;
}

/**
 * Selection, MAC scope and threshold of a new file: the flags', else the rule's, else sops' defaults
 * (SOPS-FORMAT 3 and 8.3).
 * @throws TidelockError ERR_SELECTION_CONFLICT (exit 8), ERR_REGEX
 */
export function encryptionSettings(
  flags: Flags,
  rule: CreationRule | null,
  { format, warn }: { readonly format: Format; readonly warn: (text: string) => void },
): EncryptionSettings {
  const selections = chosenSelections(flags, rule);
  const [selection = DEFAULT_SELECTION, other] = selections;
  if (other !== undefined) {
    throw new ExitCodeError(
      CONFLICT,
      new TidelockError(
        'ERR_SELECTION_CONFLICT',
        `${selection.rule} and ${other.rule} contradict each other`,
        {
          hint: 'A file has one selection rule; leave one out.',
        },
      ),
    );
  }
  if (selection.rule.endsWith('regex')) compileRegex(selection.value);
  const macOnlyEncrypted = flags.isOn('mac-only-encrypted') || rule?.macOnlyEncrypted === true;
  const shamirThreshold = thresholdOf(flags) ?? rule?.shamirThreshold ?? 0;
  if (format !== 'binary') return { selection, macOnlyEncrypted, shamirThreshold };
  if (selections.length > 0 || macOnlyEncrypted) {
    warn(
      'A binary file is encrypted as a whole: selection rules and mac_only_encrypted are left out.\n',
    );
  }
  return { selection: null, macOnlyEncrypted: false, shamirThreshold };
}

/** A flag replaces the rule's field of the same name; another kind of rule beside it stays in conflict. */
function chosenSelections(flags: Flags, rule: CreationRule | null): readonly Selection[] {
  return SELECTION_FLAG_NAMES.flatMap(([name, flag]) => {
    const value = flags.text(flag) ?? (rule?.selection?.rule === name ? rule.selection.value : '');
    return value === '' ? [] : [{ rule: name, value }];
  });
}

function thresholdOf(flags: Flags): number | undefined {
  const text = flags.text('shamir-secret-sharing-threshold');
  if (text === undefined) return undefined;
  if (!/^\d{1,3}$/.test(text)) {
    throw new CommandError(
      'ERR_USAGE',
      1,
      'the Shamir threshold must be a whole number',
      'Give how many key groups must open the file.',
    );
  }
  return Number(text);
}
