import { rfc3339Seconds } from '@tidelock/core';
import { type DeployVerdict, judgeDeployment, Source } from '@tidelock/guard';
import type { Invocation } from '../command.ts';
import { isAgreed } from '../files/agreement.ts';
import { Flags } from '../flags.ts';
import { agreedKeys } from '../init/creation-config.ts';
import { missingKeys } from '../init/missing-keys.ts';
import { keysFromFlags } from '../key-groups.ts';
import { requireRecoveryKeys } from '../sealed-secrets/recovery-keys.ts';
import { type EncryptedFile, encryptFiles, writeEncrypted } from './encrypt-files.ts';
import { repositoryFolder } from './repository-folder.ts';
import { planSealedSecrets, type SealedSecretsPlan } from './sealed-secrets-plan.ts';
import {
  type SealedSecretsState,
  sealedSecretsJson,
  sealedSecretsText,
} from './sealed-secrets-text.ts';

const LEFT = 1;

/**
 * Puts encrypted Secrets in the place of SealedSecrets, after it showed how.
 * @returns 1 where something is left to do
 */
export async function migrateSealedSecrets(invocation: Invocation): Promise<number> {
  const { ports, flags } = invocation;
  const { root, prefix } = repositoryFolder(
    ports.cwd,
    'sealed-secrets',
    invocation.positionals.slice(1),
  );
  const keys = keysFromFlags(flags, rfc3339Seconds(ports.now()));
  const recoveryKeys = await requireRecoveryKeys(ports, flags);
  const plan = await planSealedSecrets(ports, flags, { root, prefix, keys, recoveryKeys });
  const { files, byHand, creation } = plan;
  const planned: SealedSecretsState = {
    plan,
    isApplied: false,
    done: files,
    byHand,
    deployment: [],
  };
  const show = (state: SealedSecretsState) =>
    ports.stdout((flags.isOn('json') ? sealedSecretsJson : sealedSecretsText)(state));
  const hasNobody = keys.length === 0 && agreedKeys(plan.survey, creation.config) === null;
  if (files.length === 0 && hasNobody && creation.without.length > 0) throw missingKeys(ports);
  if (files.length === 0) {
    if (byHand.length > 0 || flags.isOn('json'))
      show({ ...planned, isApplied: byHand.length === 0 });
    else ports.stderr('tidelock: there is no SealedSecret here: there is nothing to move.\n');
    return byHand.length === 0 ? 0 : LEFT;
  }
  const ask = { question: 'Replace these files? (y/n) ', show: () => show(planned) };
  if (!(await isAgreed(ports, flags, ask))) return LEFT;
  const { done, left } = await encryptFiles({ ports, flags: new Flags(new Map()) }, plan);
  await writeEncrypted(plan, done);
  for (const { plain } of files) plain?.fill(0);
  show({
    plan,
    isApplied: true,
    done: done.map(({ file }) => file),
    byHand: [...byHand, ...left],
    deployment: newVerdicts(plan, done),
  });
  return byHand.length + left.length === 0 ? 0 : LEFT;
}

/** What was not so before: most often that whoever applies the files does not decrypt yet. */
function newVerdicts({ survey }: SealedSecretsPlan, done: readonly EncryptedFile[]) {
  const changed = new Map(
    done.map(({ file: { source }, bytes }) => [source.path, new Source(source.path, bytes)]),
  );
  const before = new Set([...judgeDeployment(survey.sources)].map(idOf));
  const after = survey.sources.map((source) => changed.get(source.path) ?? source);
  return [...judgeDeployment(after)].filter((verdict) => !before.has(idOf(verdict)));
}

const idOf = ({ ruleId, source, message }: DeployVerdict) =>
  JSON.stringify([ruleId, source.path, message]);
