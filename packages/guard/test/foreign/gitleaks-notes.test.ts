import { describe, expect, it } from 'vitest';
import { notesOf } from '../../src/foreign/gitleaks-notes.ts';
import {
  check,
  type Finding,
  isSilenced,
  ownRuleNotes,
  readGitleaksConfig,
  Source,
} from '../../src/index.ts';

const RULE = "[[rules]]\nid = 'house'\nregex = 'house_[a-z]+'\n";

/** `line:column severity key` of each note about this configuration. */
function notes(text: string): string[] {
  const config = readGitleaksConfig(text, '.gitleaks.toml');
  const ownIds = new Set(config.rules.map(({ id }) => id));
  const source = new Source('.gitleaks.toml', Buffer.from(text));
  return check([source], [ownRuleNotes(notesOf(config, ownIds))]).map(
    ({ range, severity, kind }) => `${range?.startLine}:${range?.startColumn} ${severity} ${kind}`,
  );
}

describe('what does nothing, or something else, is named where it stands', () => {
  it.each([
    ['[extend]\nuseDefault = true\n', ['2:1 note useDefault']],
    ['[extend]\nuseDefault = false\n', []],
    [
      "[extend]\ndisabledRules = [\n  'github-pat',\n  'no-such-rule',\n  'house'\n]\n",
      ['4:3 warning disabledRules', '5:3 warning disabledRules'],
    ],
    [`${RULE}[extend]\ndisabledRules = ['house']\n`, []],
    [
      "[[allowlists]]\ntargetRules = ['generic-api-key', 'gone']\npaths = ['a']\n",
      ['2:35 warning targetRules'],
    ],
    ["[allowlist]\ndescription = 'later'\n", ['2:1 warning allowlist']],
    [`${RULE}[[rules.allowlists]]\nstopwords = []\n`, ['5:1 warning allowlist']],
    [`${RULE}secretGroup = 1\n`, ['4:1 note secretGroup']],
  ])('%j', (text, expected) => {
    expect(notes(text)).toEqual(expected);
  });
});

describe('rules by the names that gitleaks gives them', () => {
  const source = new Source('a.yaml', Buffer.from('x: y\n'));
  const found = (ruleId: string, kind: string): Finding => ({
    ruleId,
    kind,
    severity: 'error',
    path: 'a.yaml',
    range: { startLine: 1, startColumn: 4, endLine: 1, endColumn: 5 },
    message: '',
    hint: '',
    docsUrl: '',
    fingerprint: '',
  });
  const disables = (name: string, finding: Finding) =>
    isSilenced(
      {
        configs: [readGitleaksConfig(`[extend]\ndisabledRules = ['${name}']\n`, 'x')],
        ignored: [],
        baseline: new Set(),
      },
      { finding, value: 'y', source, commit: null },
    );

  it.each([
    ['github-pat', 'plaintext/token', 'github-pat-classic'],
    ['aws-access-token', 'plaintext/token', 'aws-access-key-id'],
    ['github-pat-classic', 'plaintext/token', 'github-pat-classic'],
    ['generic-api-key', 'plaintext/sensitive-key', 'yaml'],
  ])('%s', (name, ruleId, kind) => {
    expect(disables(name, found(ruleId, kind))).toBe(true);
    expect(disables('slack-webhook-url', found(ruleId, kind))).toBe(false);
  });

  it('and not a rule that no such file silences', () => {
    expect(disables('generic-api-key', found('plaintext/kubernetes-secret', 'yaml'))).toBe(false);
  });
});
