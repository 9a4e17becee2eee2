import { type KeyGroup, keyGroupsOf, TidelockError } from '@tidelock/core';
import { baseConfig } from './base-config.ts';
import type { FoundConfig } from './config-lookup.ts';
import type { Flags } from './flags.ts';
import { keysFromFlags } from './key-groups.ts';
import { policyKeys } from './policy-keys.ts';
import type { Ports } from './ports.ts';

/**
 * The key groups of the flags, the configuration and in CI the policy, in a pull request those of its
 * base: for their recipients a plugin may run, and in CI their services alone are asked.
 */
export async function trustedGroups(
  ports: Ports,
  flags: Flags,
  found: FoundConfig | null,
): Promise<readonly KeyGroup[]> {
  const typed = ['', 'add-'].flatMap((prefix) => keysFromFlags(flags, '', prefix));
  const base = await baseConfig(ports, found);
  const named = (base?.config.creationRules ?? []).flatMap((rule) => {
    try {
      return keyGroupsOf(rule, { createdAt: '' });
    } catch (error) {
      // A rule with a mistake trusts nobody; whoever uses that rule is told of it.
      if (error instanceof TidelockError) return [];
      throw error;
    }
  });
  return [{ keys: [...typed, ...(await policyKeys(ports))] }, ...named];
}
