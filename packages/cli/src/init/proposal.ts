import type { MasterKey } from '@tidelock/core';
import { parseKey, rfc3339Seconds } from '@tidelock/core';
import { openRepository } from '@tidelock/git';
import { CommandError } from '../command-error.ts';
import type { Flags } from '../flags.ts';
import { keysFromFlags } from '../key-groups.ts';
import { wayToEncrypt } from '../migrate/way-to-encrypt.ts';
import type { Ports } from '../ports.ts';
import { hasBareHooks, installBareHooks } from './bare-hooks.ts';
import { agreedKeys, type CreationConfig, proposeCreationConfig } from './creation-config.ts';
import { type FileChange, requireWritable, writeChanges } from './file-change.ts';
import { detectForge, type Forge } from './forge.ts';
import { proposeHook } from './hook-changes.ts';
import { detectHookManager, type HookManager } from './hook-manager.ts';
import { type LocalKey, localKey, writeLocalKey } from './local-key.ts';
import { missingKeys } from './missing-keys.ts';
import { proposePolicy } from './policy-change.ts';
import { findingsOf, type Survey, surveyRepository } from './survey.ts';
import { proposeWorkflow } from './workflow-changes.ts';

/** Everything that init would do; nothing of it is done yet. */
export interface Proposal {
  readonly survey: Survey;
  readonly manager: HookManager;
  readonly forge: Forge | null;
  readonly changes: readonly FileChange[];
  /** Whether Git's own hooks folder gets the hooks. */
  readonly installsHooks: boolean;
  readonly local: LocalKey | null;
  readonly creation: CreationConfig;
  /** What is left to a person. */
  readonly byHand: readonly string[];
  /** Commands for every clone. */
  readonly afterwards: readonly string[];
}

/** @throws CommandError where nobody is named who could read the files */
export async function propose(ports: Ports, flags: Flags, root: string): Promise<Proposal> {
  const repository = await openRepository(root, ports.env);
  const survey = await surveyRepository(ports, root);
  const local = flags.isOn('local') ? await localKey(ports, root) : null;
  const named = keysFromFlags(flags, rfc3339Seconds(ports.now()));
  refuseLocal(named, local);
  const creation = proposeCreationConfig({
    survey,
    keys: named,
    local: masterKeyOf(local),
    toEncrypt: filesToEncrypt(survey),
    now: ports.now(),
  });
  if (creation.config === null) throw missingKeys(ports);
  const keys = named.length > 0 ? named : (agreedKeys(survey, creation.config) ?? []);
  const policy = proposePolicy({
    root,
    keys: keys.filter((key) => !isSame(key, local)),
    local: masterKeyOf(local),
    now: ports.now(),
  });
  const manager = await detectHookManager(repository, survey.paths);
  const forge = await detectForge(repository.git, survey.paths);
  const hook = proposeHook(root, manager);
  const workflow = proposeWorkflow(root, forge, survey.sources);
  return {
    survey,
    manager,
    forge,
    creation,
    local,
    changes: [
      ...[creation.change, policy.change].flatMap((change) => change ?? []),
      ...hook.changes,
      ...workflow.changes,
    ],
    installsHooks: hook.isBare && !(await hasBareHooks(repository)),
    byHand: [
      ...addByHand('.sops.yaml', creation.byHand),
      ...unusedLocalKey(local, creation),
      ...addByHand('.tidelock.yaml', policy.byHand),
      ...hook.byHand,
      ...workflow.byHand,
    ],
    afterwards: hook.changes.length > 0 ? hook.afterwards : [],
  };
}

/** Files that would be plain text no more, with the selection each needs. */
function filesToEncrypt(survey: Survey): CreationFiles {
  const byPath = new Map(survey.sources.map((source) => [source.path, source]));
  return [...survey.plaintext].flatMap(([path, found]) => {
    const source = byPath.get(path);
    const way = source === undefined ? null : wayToEncrypt(source, findingsOf(found));
    return way?.kind === 'encrypt' ? [{ path, selection: way.selection }] : [];
  });
}

type CreationFiles = Parameters<typeof proposeCreationConfig>[0]['toEncrypt'];

function addByHand(path: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [`add to ${path}:\n${lines.map((line) => `      ${line}`).join('\n')}`];
}

function masterKeyOf(local: LocalKey | null): MasterKey | null {
  return local === null ? null : parseKey('age', local.recipient, { createdAt: '' });
}

const isSame = (key: MasterKey, local: LocalKey | null) =>
  key.type === 'age' && key.recipient === local?.recipient;

function refuseLocal(named: readonly MasterKey[], local: LocalKey | null): void {
  if (local === null || !named.some((key) => isSame(key, local))) return;
  throw new CommandError(
    'ERR_USAGE',
    2,
    '--age names the local key, which is for test environments alone',
    'Leave it out: --local adds it where it belongs.',
  );
}

/** Rules that were there decide for test environments too: who reads by them is not changed here. */
function unusedLocalKey(local: LocalKey | null, { config }: CreationConfig): string[] {
  if (local === null) return [];
  const named = (config?.creationRules ?? []).some((rule) =>
    rule.keyGroups.flat().some(({ text }) => text.includes(local.recipient)),
  );
  return named
    ? []
    : [`add ${local.recipient} to the age keys of the rules for test environments in .sops.yaml`];
}

/** Whether there is anything to write. */
export function isEmpty({ changes, installsHooks }: Proposal): boolean {
  return changes.length === 0 && !installsHooks;
}

/** Writes everything, files first. @returns what was installed, one line a hook */
export async function applyProposal(ports: Ports, proposal: Proposal): Promise<readonly string[]> {
  const { survey, changes, local, installsHooks } = proposal;
  requireWritable(survey.root, changes);
  if (local !== null) await writeLocalKey(local);
  await writeChanges(survey.root, changes);
  if (!installsHooks) return [];
  return (await installBareHooks(survey.root, { ...ports.env })).lines;
}
