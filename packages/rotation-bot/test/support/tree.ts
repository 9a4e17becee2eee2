import {
  ageKeyService,
  type EncryptOptions,
  type Format,
  formatOf,
  generateAgeIdentity,
  type KeyService,
  parseKey,
} from '@tidelock/core';
import { AccessPolicy, CreationPolicy, parsePolicy, Source } from '@tidelock/guard';
import { encryptText, testEnvironment } from '../../../../test/support/in-process.ts';
import type { DataKeyHistory } from '../../src/plan/data-key-history.ts';
import { NO_KEY_STATES } from '../../src/plan/key-states.ts';
import { PlanBuilder, type PlanSettings } from '../../src/plan/make-plan.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { PlanContext } from '../../src/plan/plan-context.ts';
import { planFile } from '../../src/plan/plan-file.ts';

export interface Person {
  readonly recipient: string;
  readonly services: readonly KeyService[];
}

/** Somebody with an age identity of their own. */
export function person(): Person {
  const { identity, recipient } = generateAgeIdentity();
  return { recipient, services: servicesOf(identity) };
}

const servicesOf = (...identities: string[]): readonly KeyService[] => [
  ageKeyService({
    environment: { ...testEnvironment, env: { SOPS_AGE_KEY: identities.join('\n') } },
  }),
];

export const now = new Date('2026-11-24T00:00:00Z');
export const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

/** A file encrypted for these people, in groups. */
export function encrypted(
  path: string,
  plain: string,
  groups: readonly (readonly Person[])[],
  options: Partial<EncryptOptions> & { readonly format?: Format } = {},
): Promise<string> {
  const keyGroups = groups.map((people) => ({
    keys: people.map(({ recipient }) => parseKey('age', recipient, { createdAt: '' })),
  }));
  const { format = formatOf(path), ...rest } = options;
  return encryptText(format, plain, { keyGroups, now: daysAgo(10), ...rest });
}

export interface Tree {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly policy?: string;
  readonly history?: Readonly<Record<string, DataKeyHistory>>;
  readonly keyStates?: PlanContext['keyStates'];
  readonly now?: Date;
  readonly settings?: Partial<PlanSettings>;
}

export function contextOf({ files, policy, history = {}, ...tree }: Tree): PlanContext {
  const configs = Object.entries(files).filter(([path]) => path.endsWith('.sops.yaml'));
  const at = tree.now ?? now;
  const read =
    policy === undefined
      ? null
      : parsePolicy(Buffer.from(policy), '.tidelock.yaml', { ruleIds: new Set(), now: null });
  return {
    creation: new CreationPolicy(
      configs.map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    ),
    access: read === null ? null : new AccessPolicy(read, { now: at }),
    keyStates: tree.keyStates ?? NO_KEY_STATES,
    now: at,
    historyOf: (path) => history[path] ?? { since: daysAgo(10), formerKeys: [] },
  };
}

export function planTree(tree: Tree, order: readonly string[] = Object.keys(tree.files)): Plan {
  const context = contextOf(tree);
  const builder = new PlanBuilder({
    base: null,
    shard: null,
    groupBy: 'rule',
    owners: null,
    maxOpen: null,
    reviewers: null,
    keyStates: 'not-asked',
    ...tree.settings,
  });
  for (const path of order)
    builder.add(planFile(new Source(path, Buffer.from(tree.files[path] ?? '')), context));
  return builder.build();
}

/** A `.sops.yaml` of rules: expression, people by group. */
export function sopsConfig(
  ...rules: readonly (readonly [
    regex: string,
    groups: readonly (readonly Person[])[],
    more?: string,
  ])[]
): string {
  const text = rules.map(([regex, groups, more = '']) => {
    const lists = groups.map(
      (people) => `      - age:\n${people.map((one) => `          - ${one.recipient}\n`).join('')}`,
    );
    return `  - path_regex: '${regex}'\n    key_groups:\n${lists.join('')}${more}`;
  });
  return `creation_rules:\n${text.join('')}`;
}
