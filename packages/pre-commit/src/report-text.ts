import { TidelockError } from '@tidelock/core';
import { GitError } from '@tidelock/git';
import type { Finding } from '@tidelock/guard';
import type { Examined } from './examine.ts';
import type { HookOptions } from './hook-options.ts';
import { printable } from './printable.ts';

/** What a person reads: findings by file, then what was not looked into, then the count. */
export function reportText(results: readonly Examined[], options: HookOptions): string {
  const isRange = options.range !== null || options.stage === 'pre-push';
  const lines = results.flatMap((result) => resultLines(result));
  const examined = results.reduce((sum, { count }) => sum + count, 0);
  if (results.length === 0) {
    return isRange
      ? 'tidelock: the range brings no file: nothing was examined.\n'
      : 'tidelock: nothing is staged: no file was examined.\n';
  }
  const errors = results
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity === 'error');
  const verdict =
    errors.length === 0
      ? 'no secret found'
      : `${errors.length} to mend before this is ${isRange ? 'pushed' : 'committed'}`;
  return [
    ...lines,
    `tidelock: ${examined} ${examined === 1 ? 'file' : 'files'} examined, ${verdict}.`,
    '',
  ].join('\n');
}

function resultLines(result: Examined): string[] {
  const at = result.commit === null ? '' : ` (commit ${result.commit.slice(0, 12)})`;
  const lines: string[] = [];
  let path: string | null = null;
  for (const finding of result.findings) {
    if (finding.path !== path) lines.push(`${printable(finding.path)}${at}`);
    path = finding.path;
    lines.push(...findingLines(finding));
  }
  for (const file of result.notExamined) {
    const rule =
      file.coveredBy === null ? '' : `, though it must be encrypted: ${printable(file.coveredBy)}`;
    lines.push(`not examined: ${printable(file.path)}${at} (${file.reason})${rule}`);
  }
  return lines;
}

function findingLines(finding: Finding): string[] {
  const place =
    finding.range === null ? '' : `${finding.range.startLine}:${finding.range.startColumn} `;
  const lines = [`  ${place}${finding.severity} ${printable(finding.message)} [${finding.ruleId}]`];
  if (finding.frame !== undefined) lines.push(`      | ${printable(finding.frame)}`);
  lines.push(`      ${printable(finding.hint)}`);
  return lines;
}

/** An error of Git's or of ours. Git may have quoted a name: it is made harmless as file names are. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : 'unknown error';
  const { path, position } = error instanceof TidelockError ? error : {};
  const place =
    path === undefined ? '' : `${path}:${position?.line ?? 1}:${position?.column ?? 1}: `;
  const message = place + text;
  const hint =
    (error instanceof GitError || error instanceof TidelockError) && error.hint !== undefined
      ? `hint: ${printable(error.hint)}\n`
      : '';
  return `tidelock: the examination failed: ${printable(message)}\n${hint}`;
}
