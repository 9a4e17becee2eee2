import type { Source } from '../source.ts';
import type { Rule } from '../types.ts';
import { type RuleInfo, type VerdictOf, verdictRules } from '../verdict-rules.ts';

/** What a policy says about one file; the rule that reports it is named. */
export type Verdict = VerdictOf<PolicyRuleId>;

const UPDATE =
  'Make the file follow its rule: tidelock updatekeys FILE; after a removal also tidelock rotate -i FILE.';
const CONFIG = 'Correct .sops.yaml.';

/** Every rule of policy and configuration. Ids are never renamed. */
const INFOS = {
  'config/dead-rule': {
    severity: 'warning',
    title: 'A creation rule that matches no file',
    why: 'Nobody notices when the files it was for are covered by another rule or by none.',
    fix: 'Correct its path_regex or remove it.',
  },
  'config/invalid': {
    severity: 'error',
    title: 'A configuration with a mistake',
    why: 'sops ignores some mistakes and then encrypts otherwise than was meant.',
    fix: CONFIG,
  },
  'config/no-keys': {
    severity: 'warning',
    title: 'A creation rule without keys',
    why: 'Which keys can open the files it is for is left to whoever encrypts them.',
    fix: 'Name the keys in the rule.',
  },
  'config/shadowed-rule': {
    severity: 'warning',
    title: 'A creation rule that an earlier one hides',
    why: 'The first rule that matches is taken; this one never is.',
    fix: 'Move it up, or remove it.',
  },
  'config/unknown-key': {
    severity: 'error',
    title: 'A key that no configuration has',
    why: 'sops ignores a misspelt key: the rule then says less than it seems to.',
    fix: 'Correct the spelling.',
  },
  'policy/changed': {
    severity: 'warning',
    title: 'The policy changes',
    why: 'Who can read what is decided by these files.',
    fix: 'Have the change reviewed by those who own the policy.',
  },
  'policy/data-key-age': {
    severity: 'error',
    title: 'A data key older than its limit',
    why: 'Everybody who ever could open the file still can.',
    fix: 'tidelock rotate -i FILE',
  },
  'policy/data-key-kept': {
    severity: 'error',
    title: 'A recipient was removed and the data key kept',
    why: 'The removed recipient knows the data key and can read every later value.',
    fix: 'tidelock rotate -i FILE, and change the values at their source.',
  },
  'policy/data-key-unknown': {
    severity: 'warning',
    title: 'A recipient was removed, and nothing shows that the data key is new',
    why: 'If it was kept, the removed recipient can read every later value.',
    fix: 'tidelock rotate -i FILE, and change the values at their source.',
  },
  'policy/hidden-recipient': {
    severity: 'error',
    title: 'A wrapped key that is not for whom it says',
    why: 'Somebody who is not named may be able to open the file.',
    fix: 'Wrap it anew: tidelock updatekeys FILE, and find out who wrote it.',
  },
  'policy/key-groups': {
    severity: 'error',
    title: 'Key groups or threshold are not those of the rule',
    why: 'How many groups must agree to open the file is not what was decided.',
    fix: 'tidelock updatekeys FILE; for a threshold decrypt and encrypt again.',
  },
  'policy/label-unproven': {
    severity: 'note',
    title: 'Recipients that nobody can prove without a key',
    why: 'An age or cloud blob does not show for whom it was made.',
    fix: 'Nothing, as long as those who write the files are trusted: whoever holds a key can tell by opening them.',
  },
  'broken/mac': {
    severity: 'error',
    title: 'A file whose MAC is wrong or whose values do not open',
    why: 'The file was changed outside of sops. Flux does not verify the MAC.',
    fix: 'Restore the file from an earlier commit, and find out who changed it.',
  },
  'policy/not-encrypted': {
    severity: 'error',
    title: 'A file that a rule says is encrypted and is not',
    why: 'Its values can be read by everybody who can read the repository.',
    fix: 'Change what is secret in it, then encrypt it: tidelock encrypt -i FILE',
  },
  'policy/recipient-extra': {
    severity: 'error',
    title: 'A recipient that the rule does not name',
    why: 'Somebody can read the file who should not.',
    fix: UPDATE,
  },
  'policy/recipient-forbidden': {
    severity: 'error',
    title: 'A recipient that the policy forbids',
    why: 'Somebody can read the file who must not.',
    fix: UPDATE,
  },
  'policy/recipient-missing': {
    severity: 'error',
    title: 'A recipient of the rule that the file does not have',
    why: 'Somebody who needs the file cannot open it.',
    fix: UPDATE,
  },
  'policy/recipient-undecidable': {
    severity: 'warning',
    title: 'Recipients that cannot be compared offline',
    why: 'An alias and a key id may be one key or two.',
    fix: 'Write the key id in .sops.yaml.',
  },
  'policy/selection': {
    severity: 'error',
    title: 'Another selection rule than that of the creation rule',
    why: 'Other values are encrypted than was decided.',
    fix: 'Decrypt the file and encrypt it again.',
  },
  'policy/shared-data-key': {
    severity: 'warning',
    title: 'Two files with the same wrapped keys',
    why: 'One data key opens both, and rotating one leaves the other as it is.',
    fix: 'tidelock rotate -i FILE',
  },
  'policy/suppressed': {
    severity: 'warning',
    title: 'A suppression that this change brings',
    why: 'Nobody has reviewed it yet, so it silences no error.',
    fix: 'Have it reviewed on its own.',
  },
  'policy/uncovered': {
    severity: 'warning',
    title: 'An encrypted file that no rule covers',
    why: 'Nobody decided who can read it, and updatekeys leaves it out.',
    fix: 'Add a creation rule for it.',
  },
  'policy/weakened': {
    severity: 'warning',
    title: 'The change makes the policy milder',
    why: 'What would have been refused before is now accepted.',
    fix: 'Have it reviewed by those who own the policy.',
  },
} as const satisfies Record<string, RuleInfo>;

export type PolicyRuleId = keyof typeof INFOS;

const isId = (id: string): id is PolicyRuleId => Object.hasOwn(INFOS, id);
export const POLICY_RULE_IDS: readonly PolicyRuleId[] = Object.keys(INFOS).filter(isId);

/** The rules as the engine takes them: see `verdictRules`. */
export function policyRules(
  judge: (sources: readonly Source[]) => Iterable<Verdict>,
): readonly Rule[] {
  return verdictRules(INFOS, judge);
}
