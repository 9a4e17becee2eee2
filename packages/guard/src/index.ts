export { type RuleDescription, ruleCatalogue } from './catalogue.ts';
export { type CheckOptions, check } from './check.ts';
export * from './deploy/index.ts';
export { docsUrl, ruleAnchor } from './docs-url.ts';
export { isEncrypted, LARGEST_FILE, notExamined } from './examined.ts';
export * from './foreign/index.ts';
export { fileName, keyName, mask, ownWords, type SafeText, say, treePathText } from './mask.ts';
export { compareFindings } from './order.ts';
export * from './policy/index.ts';
export { indexRules } from './registry.ts';
export {
  escapeCommandData,
  escapeCommandProperty,
  escapeControls,
  escapeHtml,
  escapeLogLine,
  escapeMarkdown,
  escapeTerminal,
  escapeUriPath,
} from './reporters/escape.ts';
export { githubReporter } from './reporters/github.ts';
export { jsonReporter, jsonText } from './reporters/json.ts';
export { markdownReporter } from './reporters/markdown.ts';
export { type SarifOptions, sarifReporter } from './reporters/sarif.ts';
export { shellWord, withPath } from './reporters/shell-word.ts';
export { type Counts, countBySeverity, plural, summaryLine } from './reporters/summary.ts';
export { type TextOptions, textReporter } from './reporters/text.ts';
export { CONTENT_RULES } from './rules/index.ts';
export { isSopsFile } from './sops-file.ts';
export { type SopsLeaf, type SopsLeaves, sopsLeavesOf } from './sops-leaves.ts';
export { type SopsView, sopsViewsOf } from './sops-view.ts';
export { Source, type SourceOptions } from './source.ts';
export { type StructuredDocument, structureOf } from './structure/structure.ts';
export {
  child,
  elementsOf,
  entriesOf,
  type Scalar,
  type Tree,
  type TreeEntry,
  type TreeList,
  type TreeMap,
  textOf,
} from './structure/tree.ts';
export {
  type AllowEntry,
  type Allowed,
  applyAllowEntries,
  isExpired,
} from './suppress/allow-entries.ts';
export { applyComments, type Suppressed, type SuppressedFinding } from './suppress/apply.ts';
export {
  type Baseline,
  type BaselineEntry,
  formatBaseline,
  isBaselined,
  makeBaseline,
  parseBaseline,
  type Valued,
} from './suppress/baseline.ts';
export { FOREIGN_RULES, type Suppression, suppressionsOf } from './suppress/comments.ts';
export { globToRegExp } from './suppress/glob.ts';
export { type DetectOptions, detectTokens, type TokenHit } from './tokens/detect.ts';
export type {
  FileRule,
  Finding,
  NotExamined,
  NotExaminedReason,
  Problem,
  ProblemIn,
  Range,
  Report,
  Reporter,
  Rule,
  RuleContext,
  RuleDocs,
  SetRule,
  Severity,
  TextSpan,
  TreePath,
} from './types.ts';
