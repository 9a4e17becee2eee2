import { TidelockError } from '@tidelock/core';
import type { Finding } from '../types.ts';

/** A line of `.gitleaksignore`. */
export interface IgnoredFinding {
  readonly commit: string | null;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** `file:rule:line` or `commit:file:rule:line`. @throws TidelockError ERR_CONFIG with the position */
export function parseGitleaksIgnore(text: string, path: string): IgnoredFinding[] {
  return text.split('\n').flatMap((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const parts = line.split(':');
    const number = Number(parts.pop());
    const rule = parts.pop();
    const commit =
      parts.length > 1 && /^[0-9a-f]{7,64}$/.test(parts[0] ?? '') ? parts.shift() : null;
    const file = parts.join(':').replace(/^\.\//, '');
    if (file === '' || !rule || !Number.isSafeInteger(number) || number < 0) {
      throw new TidelockError('ERR_CONFIG', 'this line is no fingerprint of gitleaks', {
        path,
        position: { line: i + 1, column: 1 },
        hint: 'Write file:rule:line, or commit:file:rule:line.',
      });
    }
    return [{ commit: commit ?? null, path: file, line: number }];
  });
}

/** The rule is not compared: rules of gitleaks have other names than ours. */
export function isGitleaksIgnored(
  entries: readonly IgnoredFinding[],
  finding: Finding,
  commit: string | null,
): boolean {
  const line = finding.range?.startLine;
  return entries.some(
    (entry) =>
      entry.path === finding.path &&
      entry.line === line &&
      (entry.commit === null || (commit?.startsWith(entry.commit) ?? false)),
  );
}
