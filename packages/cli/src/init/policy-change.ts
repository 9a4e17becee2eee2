import { tidelockPolicyIn } from '@tidelock/check';
import type { MasterKey } from '@tidelock/core';
import { AccessPolicy, POLICY_NAME } from '@tidelock/guard';
import { productionGlobs } from './environments.ts';
import { type FileChange, readTarget } from './file-change.ts';
import { recipientText } from './rule-text.ts';
import { appended, entryOf, insertBehind, rootOf } from './yaml-insertion.ts';

export interface PolicyChange {
  readonly change: FileChange | null;
  /** Lines to add by hand, where the file is written in a way that cannot be added to. */
  readonly byHand: readonly string[];
}

export interface PolicyRequest {
  readonly root: string;
  readonly keys: readonly MasterKey[];
  readonly local: MasterKey | null;
  readonly now: Date;
}

const LOCAL_RULE = 'production without local keys';

/**
 * A `.tidelock.yaml` with names for the keys, and with a rule that keeps a local key out of
 * production. One that is there is only added to, and only for a local key it does not know.
 */
export function proposePolicy(request: PolicyRequest): PolicyChange {
  const before = readTarget(request.root, POLICY_NAME);
  if (before === null) return { change: asChange(null, newPolicy(request)), byHand: [] };
  const { local } = request;
  if (local === null || isForbidden(before, request, local)) return { change: null, byHand: [] };
  const after = withLocalKey(before, local);
  return after === null
    ? { change: null, byHand: localLines(local, 'local-test') }
    : { change: asChange(before, after), byHand: [] };
}

function asChange(before: string | null, after: string): FileChange {
  return { path: POLICY_NAME, before, after, context: 3 };
}

function newPolicy({ keys, local }: PolicyRequest): string {
  const counts = new Map<string, number>();
  const recipients = keys.map((key) => {
    const count = (counts.get(key.type) ?? 0) + 1;
    counts.set(key.type, count);
    return `  ${key.type.replaceAll('_', '-')}-${count}: ${recipientText(key)}\n`;
  });
  if (local !== null) recipients.push(`  local-test: ${recipientText(local)}\n`);
  const rules =
    local === null
      ? ''
      : `rules:\n${localRule(['local-test'])
          .map((line) => `  ${line}\n`)
          .join('')}`;
  return `# What .sops.yaml cannot say; read by tidelock check.
version: 1
# Names for keys, so that people read names. Rename them, add owner and until.
recipients:
${recipients.join('')}${rules}`;
}

function localRule(names: readonly string[]): string[] {
  return [
    '# A key of a test environment never reads production.',
    `- name: ${LOCAL_RULE}`,
    `  paths: ["${productionGlobs().join('", "')}"]`,
    `  recipients: { none: [${names.join(', ')}] }`,
  ];
}

function localLines(local: MasterKey, name: string): string[] {
  return ['recipients:', `  ${name}: ${recipientText(local)}`, 'rules:', ...localRule([name])];
}

/** Whether rules of the policy keep the key from every path that looks like production. */
function isForbidden(before: string, { now }: PolicyRequest, local: MasterKey): boolean {
  return keptFromProduction(before, now)(local);
}

/** The keys that a `.tidelock.yaml` keeps from production: those of test environments. */
export function keptFromProduction(text: string | null, now: Date): (key: MasterKey) => boolean {
  const files = text === null ? [] : [{ path: POLICY_NAME, bytes: Buffer.from(text) }];
  const policy = tidelockPolicyIn(files, now);
  if (policy === null) return () => false;
  const access = new AccessPolicy(policy, { now });
  const lists = (names: readonly string[], name: string) =>
    names.some((one) => one === name || policy.groups.get(one)?.includes(name));
  return (key) => {
    const name = access.nameOf(key)?.name;
    if (name === undefined) return false;
    return ['prod/secret.yaml', 'clusters/production/secret.yaml'].every((path) =>
      access
        .rulesFor(path)
        .some(({ recipients }) => recipients !== null && lists(recipients.none, name)),
    );
  };
}

function withLocalKey(before: string, local: MasterKey): string | null {
  const name = freeName(before);
  const recipients = entryOf(rootOf(before), 'recipients');
  const named =
    recipients === undefined
      ? appended(before, `recipients:\n  ${name}: ${recipientText(local)}\n`)
      : insertBehind(before, recipients, [`${name}: ${recipientText(local)}`]);
  if (named === null) return null;
  const rules = entryOf(rootOf(named), 'rules');
  if (rules !== undefined) return insertBehind(named, rules, localRule([name]));
  const lines = localRule([name]).map((line) => `  ${line}\n`);
  return appended(named, `rules:\n${lines.join('')}`);
}

function freeName(text: string): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? 'local-test' : `local-test-${i}`;
    if (!new RegExp(`\\b${name}\\s*:`).test(text)) return name;
  }
}
