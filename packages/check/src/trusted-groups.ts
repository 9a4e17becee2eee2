import type { KeyGroup } from '@tidelock/core';
import type { Steering } from './steering.ts';

/** Every key that the creation rules and the policy name. */
export function trustedGroups({ policies }: Steering): readonly KeyGroup[] {
  const { creation, access } = policies;
  const rules = creation.configs.flatMap(({ config }) => config.creationRules ?? []);
  const named = [...(access?.policy.recipients.values() ?? [])].map(({ key }) => key);
  return [...rules.flatMap((rule) => creation.keyGroupsOf(rule) ?? []), { keys: named }];
}
