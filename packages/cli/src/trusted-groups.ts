import { type KeyGroup, keyGroupsOf, TidelockError } from '@tidelock/core';
import type { FoundConfig } from './config-lookup.ts';

/** Every key group that the configuration names: for their recipients a plugin may run. */
export function trustedGroups(found: FoundConfig | null): readonly KeyGroup[] {
  return (found?.config.creationRules ?? []).flatMap((rule) => {
    try {
      return keyGroupsOf(rule, { createdAt: '' });
    } catch (error) {
      // A rule with a mistake trusts nobody; whoever uses that rule is told of it.
      if (error instanceof TidelockError) return [];
      throw error;
    }
  });
}
