import type { Finding } from '@tidelock/guard';

export interface ValuedFinding {
  readonly finding: Finding;
  /** The value it is about: compared in memory, never kept. */
  readonly value: string | undefined;
}

/** Known or not, these block. */
const ALWAYS = ['broken/', 'plaintext/private-key'];

/**
 * What one file's change brings: a finding that an earlier version of the file already had, of the
 * same rule and with the same value, is left out, each as often as it was there.
 */
export function newFindings(
  current: readonly ValuedFinding[],
  before: readonly ValuedFinding[],
): ValuedFinding[] {
  const known = new Map<string, number>();
  for (const finding of before) {
    const key = keyOf(finding);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  return current.filter((finding) => {
    if (blocksAlways(finding) || isWholeFile(finding)) return true;
    const key = keyOf(finding);
    const count = known.get(key) ?? 0;
    if (count === 0) return true;
    known.set(key, count - 1);
    return false;
  });
}

export function blocksAlways({ finding }: ValuedFinding): boolean {
  return ALWAYS.some((prefix) => finding.ruleId.startsWith(prefix));
}

/** A plaintext file that changed holds new plaintext, though the finding on the file is the same. */
function isWholeFile({ finding, value }: ValuedFinding): boolean {
  return value === undefined && finding.range === null && finding.ruleId.startsWith('plaintext/');
}

function keyOf({ finding, value }: ValuedFinding): string {
  const place = value === undefined ? `at ${finding.fingerprint}` : `is ${value}`;
  return `${finding.ruleId} ${place}`;
}
