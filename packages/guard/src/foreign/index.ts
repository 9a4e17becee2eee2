export { type GitleaksConfig, readGitleaksConfig } from './gitleaks-config.ts';
export { type IgnoredFinding, parseGitleaksIgnore } from './gitleaks-ignore.ts';
export { NOTE_RULE, ownRuleNotes } from './gitleaks-notes.ts';
export { OWN_RULE, ownRules } from './gitleaks-rules.ts';
export { type Foreign, type ReadText, readForeignFiles } from './read-foreign-files.ts';
export { parseSecretsBaseline, type SecretsBaseline } from './secrets-baseline.ts';
export { type ForeignFiles, type FoundIn, isSilenced } from './silence.ts';
