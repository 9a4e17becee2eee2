import type { Finding } from '../types.ts';
import { globToRegExp } from './glob.ts';

/** An entry of `allow:` in .tidelock.yaml, already read. */
export interface AllowEntry {
  readonly rule: string;
  /** A glob: `*` within a folder, `**` across folders. */
  readonly path: string;
  readonly reason: string;
  /** The last day on which it holds, at midnight UTC; null: no end. */
  readonly until: Date | null;
}

export interface Allowed {
  readonly kept: readonly Finding[];
  readonly allowed: readonly { readonly finding: Finding; readonly entry: AllowEntry }[];
  /** Entries that took nothing away: leftovers. */
  readonly unused: readonly AllowEntry[];
}

/** Whether the day named in `until` is over. */
export function isExpired(entry: AllowEntry, now: Date): boolean {
  return entry.until !== null && now.getTime() >= entry.until.getTime() + 24 * 60 * 60 * 1000;
}

/** Takes away what an entry names that has not expired. */
export function applyAllowEntries(
  findings: readonly Finding[],
  entries: readonly AllowEntry[],
  now: Date,
): Allowed {
  const live = entries
    .filter((entry) => !isExpired(entry, now))
    .map((entry) => ({ entry, pattern: globToRegExp(entry.path) }));
  const used = new Set<AllowEntry>();
  const kept: Finding[] = [];
  const allowed: { finding: Finding; entry: AllowEntry }[] = [];
  for (const finding of findings) {
    const found = live.find(
      ({ entry, pattern }) => entry.rule === finding.ruleId && pattern.test(finding.path),
    );
    if (found === undefined) kept.push(finding);
    else {
      used.add(found.entry);
      allowed.push({ finding, entry: found.entry });
    }
  }
  return { kept, allowed, unused: entries.filter((entry) => !used.has(entry)) };
}
