import type { GitPath } from '@tidelock/git';
import { escapeTerminal, type Finding, indexRules, type Rule } from '@tidelock/guard';
import type { Examined } from './examine.ts';
import type { HookOptions } from './hook-options.ts';
import { hintFor, mendCommand } from './mending.ts';

export interface ReportOptions extends Pick<HookOptions, 'range' | 'stage' | 'files'> {
  /** The folder that commands are given in. */
  readonly folder: GitPath;
}

/** What a person reads: findings by file, then what was not looked into, then the count. */
export function reportText(
  results: readonly Examined[],
  rules: readonly Rule[],
  options: ReportOptions,
): string {
  const isRange = options.range !== null || options.stage === 'pre-push';
  if (results.length === 0) return nothingText(isRange, options);
  const examined = results.reduce((sum, { count }) => sum + count, 0);
  const silenced = results.reduce((sum, one) => sum + one.silenced, 0);
  const errors = results.flatMap(({ findings }) => findings).filter(isError);
  const verdict =
    errors.length === 0
      ? 'no secret found'
      : `${errors.length} to mend before this is ${isRange ? 'pushed' : 'committed'}`;
  const aside = silenced === 0 ? '' : `, ${silenced} allowed by comments, policy or baseline`;
  const later = results.reduce((sum, one) => sum + one.silencedLater, 0);
  const indexed = indexRules(rules);
  return [
    ...results.flatMap((result) => resultLines(result, indexed, options.folder)),
    `tidelock: ${examined} ${examined === 1 ? 'file' : 'files'} examined, ${verdict}${aside}.`,
    ...(later === 0 ? [] : [laterLine(later)]),
    '',
  ].join('\n');
}

function nothingText(isRange: boolean, { files }: ReportOptions): string {
  if (isRange) return 'tidelock: the range brings no file: nothing was examined.\n';
  const what = files.length === 0 ? 'nothing' : 'none of the named files';
  return `tidelock: ${what} is staged: no file was examined.\n`;
}

/** Else a commit could allow what it brings. */
function laterLine(count: number): string {
  return `tidelock: ${count} of these would be allowed by a file that the same change brings. Commit that file first, alone.`;
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function resultLines(
  result: Examined,
  rules: ReadonlyMap<string, Rule>,
  folder: GitPath,
): string[] {
  const at = result.commit === null ? '' : ` (commit ${result.commit.slice(0, 12)})`;
  const byFile = new Map<string, Finding[]>();
  for (const finding of result.findings) {
    const known = byFile.get(finding.path);
    if (known === undefined) byFile.set(finding.path, [finding]);
    else known.push(finding);
  }
  const lines: string[] = [];
  for (const [path, findings] of byFile) {
    lines.push(`${escapeTerminal(path)}${at}`, ...findingLines(findings, folder));
    for (const ruleId of new Set(findings.filter(isError).map((finding) => finding.ruleId))) {
      lines.push(`  why it matters: ${rules.get(ruleId)?.docs.why ?? ruleId}`);
    }
    if (findings.some(isPlaintext)) lines.push(mendLine(path, findings, { result, folder }));
  }
  for (const file of result.notExamined) {
    const rule =
      file.coveredBy === null
        ? ''
        : `, though it must be encrypted: ${escapeTerminal(file.coveredBy)}`;
    const missing = file.reason === 'unreadable' ? ': Git has no content for it, see git fsck' : '';
    lines.push(`not examined: ${escapeTerminal(file.path)}${at} (${file.reason}${missing})${rule}`);
  }
  return lines;
}

function isPlaintext(finding: Finding): boolean {
  return isError(finding) && finding.ruleId.startsWith('plaintext/');
}

function mendLine(
  path: string,
  findings: readonly Finding[],
  { result, folder }: { readonly result: Examined; readonly folder: GitPath },
): string {
  const mending = result.mending.get(path);
  const command = mendCommand(path, findings.filter(isPlaintext), { folder, mending });
  const needsRule = command.startsWith('tidelock') && mending?.hasRule !== true;
  const mend = needsRule ? 'to mend it, once .sops.yaml has a rule for it' : 'to mend it';
  return result.commit === null
    ? `  ${mend}: ${command}`
    : `  ${mend}: change the value, ${command}, and rewrite the commit before it is pushed`;
}

/** Advice that several findings share is given below the last of them. */
function findingLines(findings: readonly Finding[], folder: GitPath): string[] {
  const hints = findings.map((finding) => escapeTerminal(hintFor(finding, folder)));
  return findings.flatMap(({ range, severity, message, ruleId, frame, treePath }, i) => {
    const place = range === null ? '' : `${range.startLine}:${range.startColumn} `;
    const key = treePath === undefined ? '' : ` at ${treePath}`;
    const lines = [`  ${place}${severity} ${escapeTerminal(message + key)} [${ruleId}]`];
    if (frame !== undefined) lines.push(`      | ${escapeTerminal(frame)}`);
    const hint = hints[i] ?? '';
    return hints[i + 1] === hint ? lines : [...lines, `      ${hint}`];
  });
}
