import { isCi, type MasterKey } from '@tidelock/core';
import { baseFile } from './base-config.ts';
import type { Ports } from './ports.ts';

/**
 * The keys that `.tidelock.yaml` gives names to: in CI their services may be asked. In a pull request
 * those of the base branch. What is wrong in the file trusts nobody; `tidelock check` tells of it.
 */
export async function policyKeys(ports: Ports): Promise<readonly MasterKey[]> {
  if (!isCi(ports.env)) return [];
  const { POLICY_NAME, readPolicy } = await import('@tidelock/guard');
  const bytes = await baseFile(ports, POLICY_NAME);
  if (bytes === null) return [];
  const { policy } = readPolicy(bytes, { ruleIds: new Set(), now: null });
  return Array.from(policy.recipients.values(), ({ key }) => key);
}
