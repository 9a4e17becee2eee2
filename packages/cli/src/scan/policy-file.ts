import { join } from 'node:path';
import { tidelockPolicyIn } from '@tidelock/check';
import {
  AccessPolicy,
  type AllowEntry,
  applyAllowEntries,
  type Finding,
  LARGEST_FILE,
  POLICY_NAME,
} from '@tidelock/guard';
import type { Ports } from '../ports.ts';
import type { ScanPlace } from './scan-batch.ts';

/** What `.tidelock.yaml` says to a scan. */
export interface ScanPolicy {
  readonly allow: readonly AllowEntry[];
  readonly access: AccessPolicy | null;
  /** Bytes beyond which a file is not looked into. */
  readonly largestFile: number;
  /** From the folder of the policy to the paths of findings: `''` or with a final `/`. */
  readonly prefix: string;
  readonly now: Date;
}

/**
 * The `.tidelock.yaml` at the top of the repository, or of the folder where there is none.
 * @throws TidelockError ERR_CONFIG with its place for a mistake, an unknown rule, an expired entry
 */
export async function readScanPolicy(
  { top, prefix }: Pick<ScanPlace, 'top' | 'prefix'>,
  ports: Ports,
): Promise<ScanPolicy> {
  const now = ports.now();
  const bytes = await ports.readFile(join(top, POLICY_NAME));
  const policy = bytes === null ? null : tidelockPolicyIn([{ path: POLICY_NAME, bytes }], now);
  return {
    allow: policy?.allow ?? [],
    largestFile: policy?.largestFile ?? LARGEST_FILE,
    access: policy === null ? null : new AccessPolicy(policy, { now, prefix }),
    prefix,
    now,
  };
}

/** The findings that an allow entry names by rule and path. */
export function allowedByPolicy(
  { allow, prefix, now }: ScanPolicy,
  findings: readonly Finding[],
): ReadonlySet<Finding> {
  const originals = new Map(
    findings.map((finding) => [{ ...finding, path: prefix + finding.path }, finding]),
  );
  const { allowed } = applyAllowEntries([...originals.keys()], allow, now);
  return new Set(allowed.flatMap(({ finding }) => originals.get(finding) ?? []));
}
