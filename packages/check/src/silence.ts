import {
  applyAllowEntries,
  isBaselined,
  isSilenced,
  type Source,
  type Valued,
} from '@tidelock/guard';
import type { Steering } from './steering.ts';

export interface SilenceOptions {
  readonly steering: Steering;
  readonly sources: readonly Source[];
  /** Folder of the sources within the repository, `''` or with a final `/`. */
  readonly prefix: string;
  readonly now: Date;
}

/** What neither an allow entry nor the baseline nor a file of another scanner silences. */
export function silence(
  found: readonly Valued[],
  { steering, sources, prefix, now }: SilenceOptions,
): readonly Valued[] {
  const { policies, baseline, foreign } = steering;
  const entries = policies.access?.policy.allow ?? [];
  const whole = new Map(
    found.map(({ finding }) => [{ ...finding, path: prefix + finding.path }, finding]),
  );
  const { allowed } = applyAllowEntries([...whole.keys()], entries, now);
  const isAllowed = new Set(allowed.map(({ finding }) => whole.get(finding)));
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return found.filter((one) => {
    const { finding, value } = one;
    if (baseline !== null && isBaselined(baseline, one)) return false;
    const source = byPath.get(finding.path);
    if (source !== undefined && isSilenced(foreign.files, { finding, value, source, commit: null }))
      return false;
    return !isAllowed.has(finding);
  });
}
