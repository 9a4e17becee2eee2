import type { Finding, Severity } from '../types.ts';

export type Counts = Readonly<Record<Severity, number>>;

export function countBySeverity(findings: readonly Finding[]): Counts {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** `2 errors, 1 warning, 3 suppressed`, or `no findings`. */
export function summaryLine(counts: Counts, suppressed: number): string {
  const parts = (['error', 'warning', 'note'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => plural(counts[severity], severity));
  if (parts.length === 0) parts.push('no findings');
  if (suppressed > 0) parts.push(`${suppressed} suppressed`);
  return parts.join(', ');
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
