import { escapeTerminal, plural, shellWord } from '@tidelock/guard';
import { unifiedDiff } from '../../init/unified-diff.ts';
import { printable } from '../../terminal.ts';
import type { Around } from './around.ts';
import type { PlannedSecret } from './choose-rules.ts';
import type { ExternalSecretsPlan } from './external-secrets-plan.ts';
import type { LeftSecret } from './left-secret.ts';
import type { Need, RemoteStore } from './remote-secret.ts';

export interface PlanState {
  readonly plan: ExternalSecretsPlan;
  readonly isApplied: boolean;
  readonly secrets: readonly PlannedSecret[];
  readonly byHand: readonly LeftSecret[];
  /** What becomes of the files around them. */
  readonly around: Around;
}

/** For programs: names and places, never a value. */
export function externalSecretsJson({
  plan,
  isApplied,
  secrets,
  byHand,
  around,
}: PlanState): string {
  const document = {
    version: 1,
    applied: isApplied,
    secrets: secrets.map((one) => ({
      path: one.path,
      from: one.manifest.source.path,
      name: one.secret.name,
      namespace: one.secret.namespace,
      type: one.secret.type,
      config: one.found.path.slice(plan.survey.root.length + 1),
      rule: one.rule.index + 1,
      recipients: one.readers,
      reads: one.secret.needs.map((need) => {
        const [key, place] = needParts(need, plan);
        return { key, from: place };
      }),
    })),
    config: plan.creation.change === null ? null : unifiedDiff(plan.creation.change),
    changed: [...around.changes, ...around.trimmed].map(({ path }) => path),
    removed: around.removed.map(({ path }) => path),
    by_hand: byHand,
    without_decryption: plan.withoutDecryption,
    unused_stores: plan.unusedStores,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** For people. */
export function externalSecretsText(state: PlanState): string {
  const { plan, isApplied, secrets, byHand, around } = state;
  const { change } = plan.creation;
  const changes = [...(change === null ? [] : [change]), ...around.changes];
  const files = [
    ...around.trimmed.map(
      ({ path }) => `${path}: the moved objects are taken out, the others stay`,
    ),
    ...around.removed.map(({ path }) => `${path}: removed, nothing else stands in it`),
  ];
  return [
    ...changes.map((one) => printable(unifiedDiff(one), true)),
    ...section(
      `${isApplied ? 'Written' : 'To write'}: ${plural(secrets.length, 'encrypted Secret')}`,
      secrets.flatMap((one) => secretLines(one, plan)),
    ),
    ...section('Around them:', files),
    ...section(
      `Left to you: ${plural(byHand.length, 'object')}`,
      byHand.map(({ path, line, object, reason }) => `${path}:${line} ${object}: ${reason}`),
    ),
    ...section('Next:', nextSteps(state)),
  ].join('');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`${title}\n`, ...lines.map((line) => `  ${escapeTerminal(line)}\n`)];
}

function secretLines(one: PlannedSecret, plan: ExternalSecretsPlan): string[] {
  const { manifest, secret, rule, readers, path, inPlace } = one;
  const place = secret.namespace === null ? '' : ` in ${secret.namespace}`;
  const from = inPlace
    ? `in the place of ${manifest.kind} ${manifest.name ?? ''}`
    : `instead of ${manifest.kind} ${manifest.name ?? ''} of ${manifest.source.path}`;
  const selection =
    rule.selection === null ? 'everything' : `${rule.selection.rule} ${rule.selection.value}`;
  return [
    path,
    `  Secret ${secret.name}${place}, ${secret.type}, ${from}`,
    `  rule ${rule.index + 1}, ${selection}; for ${readers.join(', ')}`,
    ...secret.needs.map((need) => `  ${needParts(need, plan).join(' from ')}`),
  ];
}

function needParts(need: Need, plan: ExternalSecretsPlan): readonly [key: string, place: string] {
  if (need.kind === 'find') {
    const where = need.path === null ? '' : ` below ${need.path}`;
    const what =
      need.name === null
        ? `has the tags ${[...need.tags.keys()].join(', ')}`
        : `matches ${need.name}`;
    return [`every secret that ${what}${where}`, storeText(need.store, plan)];
  }
  const { store, key, property, version } = need.remote;
  const prefix = store.kind === 'aws' ? store.prefix : (store.mount ?? '');
  const name = `${store.kind === 'vault' && prefix !== '' && !key.startsWith(`${prefix}/`) ? `${prefix}/` : store.kind === 'aws' ? prefix : ''}${key}`;
  const details = [
    `${storeText(store, plan)} ${name}`,
    ...(property === null ? [] : [`property ${property}`]),
    ...(version === null ? [] : [`version ${version}`]),
  ];
  return [need.kind === 'value' ? need.secretKey : 'every key', details.join(', ')];
}

function storeText(store: RemoteStore, { vault }: ExternalSecretsPlan): string {
  if (store.kind === 'aws')
    return `AWS Secrets Manager${store.region === '' ? '' : ` ${store.region}`}`;
  const address = vault.addressOf(store);
  const named = store.server === null || store.server === address ? '' : ` (for ${store.server})`;
  const namespace = store.namespace === null ? '' : ` namespace ${store.namespace}`;
  return `Vault ${address}${named}${namespace}`;
}

function nextSteps({ plan, isApplied, secrets, around }: PlanState): string[] {
  if (secrets.length === 0) return [];
  const paths = [
    ...secrets.map(({ found }) => found.path.slice(plan.survey.root.length + 1)),
    ...[...around.changes, ...around.trimmed, ...around.removed].map(({ path }) => path),
    ...secrets.map(({ path }) => path),
  ];
  return [
    ...plan.withoutDecryption.map(
      (path) =>
        `${path} builds them and decrypts nothing: without spec.decryption they do not arrive.`,
    ),
    ...(isApplied
      ? [
          `git add -- ${[...new Set(paths)].map(shellWord).join(' ')} && git commit -m 'Keep secrets encrypted in Git, not in a store'`,
          'A value that is changed in the store does not arrive any more: change it here, with tidelock edit.',
          ...plan.unusedStores.map(
            (store) => `Nothing reads from ${store} any more: remove it with its credential.`,
          ),
        ]
      : []),
  ];
}
