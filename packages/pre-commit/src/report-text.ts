import {
  escapeTerminal,
  type Finding,
  indexRules,
  type Rule,
  shellWord,
  withPath,
} from '@tidelock/guard';
import type { Examined } from './examine.ts';
import type { HookOptions } from './hook-options.ts';

/** What a person reads: findings by file, then what was not looked into, then the count. */
export function reportText(
  results: readonly Examined[],
  rules: readonly Rule[],
  options: HookOptions,
): string {
  const isRange = options.range !== null || options.stage === 'pre-push';
  if (results.length === 0) {
    return isRange
      ? 'tidelock: the range brings no file: nothing was examined.\n'
      : 'tidelock: nothing is staged: no file was examined.\n';
  }
  const examined = results.reduce((sum, { count }) => sum + count, 0);
  const silenced = results.reduce((sum, one) => sum + one.silenced, 0);
  const errors = results.flatMap(({ findings }) => findings).filter(isError);
  const verdict =
    errors.length === 0
      ? 'no secret found'
      : `${errors.length} to mend before this is ${isRange ? 'pushed' : 'committed'}`;
  const aside = silenced === 0 ? '' : `, ${silenced} allowed by comments, policy or baseline`;
  const later = results.reduce((sum, one) => sum + one.silencedLater, 0);
  return [
    ...results.flatMap((result) => resultLines(result, indexRules(rules))),
    `tidelock: ${examined} ${examined === 1 ? 'file' : 'files'} examined, ${verdict}${aside}.`,
    ...(later === 0 ? [] : [laterLine(later)]),
    '',
  ].join('\n');
}

/** Else a commit could allow what it brings. */
function laterLine(count: number): string {
  return `tidelock: ${count} of these would be allowed by a file that the same change brings. Commit that file first, alone.`;
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function resultLines(result: Examined, rules: ReadonlyMap<string, Rule>): string[] {
  const at = result.commit === null ? '' : ` (commit ${result.commit.slice(0, 12)})`;
  const byFile = new Map<string, Finding[]>();
  for (const finding of result.findings) {
    const known = byFile.get(finding.path);
    if (known === undefined) byFile.set(finding.path, [finding]);
    else known.push(finding);
  }
  const lines: string[] = [];
  for (const [path, findings] of byFile) {
    lines.push(`${escapeTerminal(path)}${at}`, ...findings.flatMap(findingLines));
    for (const ruleId of new Set(findings.filter(isError).map((finding) => finding.ruleId))) {
      lines.push(`  why it matters: ${rules.get(ruleId)?.docs.why ?? ruleId}`);
    }
    if (findings.some(isPlaintext)) lines.push(mendLine(path, result));
  }
  for (const file of result.notExamined) {
    const rule =
      file.coveredBy === null
        ? ''
        : `, though it must be encrypted: ${escapeTerminal(file.coveredBy)}`;
    lines.push(`not examined: ${escapeTerminal(file.path)}${at} (${file.reason})${rule}`);
  }
  return lines;
}

function isPlaintext(finding: Finding): boolean {
  return isError(finding) && finding.ruleId.startsWith('plaintext/');
}

/** The command that takes the plaintext out of what is about to be committed. */
function mendLine(path: string, { commit, covered }: Examined): string {
  const word = shellWord(path);
  const command = `tidelock encrypt -i ${word} && git add ${word}`;
  const mend = covered.has(path) ? 'to mend it' : 'to mend it, once .sops.yaml has a rule for it';
  return commit === null
    ? `  ${mend}: ${command}`
    : `  ${mend}: change the value, ${command}, and rewrite the commit before it is pushed`;
}

function findingLines(finding: Finding): string[] {
  const { path, range, severity, message, ruleId, frame, hint } = finding;
  const place = range === null ? '' : `${range.startLine}:${range.startColumn} `;
  const key = finding.treePath === undefined ? '' : ` at ${finding.treePath}`;
  const lines = [`  ${place}${severity} ${escapeTerminal(message + key)} [${ruleId}]`];
  if (frame !== undefined) lines.push(`      | ${escapeTerminal(frame)}`);
  lines.push(`      ${escapeTerminal(withPath(hint, path))}`);
  return lines;
}
