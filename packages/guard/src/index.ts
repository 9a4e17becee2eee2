export { type CheckOptions, check } from './check.ts';
export { docsUrl } from './docs-url.ts';
export { LineIndex } from './line-index.ts';
export { fileName, keyName, mask, ownWords, type SafeText, say, treePathText } from './mask.ts';
export { compareFindings } from './order.ts';
export { indexRules } from './registry.ts';
export { pathText, Source, type SourceOptions } from './source.ts';
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
