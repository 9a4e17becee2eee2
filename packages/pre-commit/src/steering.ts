import {
  applyAllowEntries,
  CONTENT_RULES,
  DEPLOY_RULE_IDS,
  globToRegExp,
  isBaselined,
  isSilenced,
  NOTE_RULE,
  OWN_RULE,
  ownWords,
  POLICY_RULE_IDS,
  parseBaseline,
  parsePolicy,
  type Rule,
  readForeignFiles,
  type Source,
} from '@tidelock/guard';
import type { Covered } from './coverage.ts';
import type { ValuedFinding } from './new-findings.ts';
import type { View } from './steering-files.ts';

/** What the files of one view say about findings. */
export interface Steering {
  covers(path: string): Covered | null;
  /** Whether an allow entry, the baseline or a file of another scanner silences it. */
  silences(found: ValuedFinding, source: Source | undefined, commit: string | null): boolean;
  /** Rules that the repository brings along. */
  readonly rules: readonly Rule[];
  /** Bytes; null: not given. */
  readonly largestFile: number | null;
}

const ruleIds: ReadonlySet<string> = new Set([
  ...CONTENT_RULES.map(({ id }) => id),
  ...DEPLOY_RULE_IDS,
  ...POLICY_RULE_IDS,
  OWN_RULE,
  NOTE_RULE,
]);

const POLICY = '.tidelock.yaml';
const BASELINE = '.tidelock-baseline.json';

/** @throws TidelockError for a file with a mistake */
export async function readSteering(view: View, now: Date): Promise<Steering> {
  const text = async (path: string) => {
    const bytes = await view(path);
    return bytes === null ? null : Buffer.from(bytes).toString('utf8');
  };
  const policyBytes = await view(POLICY);
  const policy = policyBytes === null ? null : parsePolicy(policyBytes, POLICY, { ruleIds, now });
  const baselineText = await text(BASELINE);
  const baseline = baselineText === null ? null : parseBaseline(baselineText, BASELINE);
  const foreign = await readForeignFiles(text);
  const encrypted = (policy?.rules ?? [])
    .filter((rule) => rule.encrypted)
    .flatMap((rule) => rule.paths.map((glob) => globToRegExp(glob)));
  const allow = policy?.allow ?? [];
  return {
    largestFile: policy?.largestFile ?? null,
    rules: foreign.rules,
    covers: (file) =>
      encrypted.some((glob) => glob.test(file))
        ? { reason: ownWords('a rule of .tidelock.yaml'), selects: () => true }
        : null,
    silences: (found, source, commit) => {
      const { finding } = found;
      if (applyAllowEntries([finding], allow, now).kept.length === 0) return true;
      if (baseline !== null && isBaselined(baseline, found)) return true;
      return source !== undefined && isSilenced(foreign.files, { ...found, source, commit });
    },
  };
}
