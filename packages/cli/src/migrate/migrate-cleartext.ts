import { rfc3339Seconds } from '@tidelock/core';
import type { Invocation } from '../command.ts';
import { isAgreed } from '../files/agreement.ts';
import { Flags } from '../flags.ts';
import { agreedKeys } from '../init/creation-config.ts';
import { missingKeys } from '../init/missing-keys.ts';
import { keysFromFlags } from '../key-groups.ts';
import { planCleartext } from './cleartext-plan.ts';
import { encryptFiles, writeEncrypted } from './encrypt-files.ts';
import { type PlanState, planJson, planText } from './plan-text.ts';
import { repositoryFolder } from './repository-folder.ts';

const LEFT = 1;

/** Encrypts what is in plain text, after it showed how. @returns 1 where something is left to do */
export async function migrateCleartext(invocation: Invocation): Promise<number> {
  const { ports, flags } = invocation;
  const { root, prefix } = repositoryFolder(
    ports.cwd,
    'cleartext',
    invocation.positionals.slice(1),
  );
  const keys = keysFromFlags(flags, rfc3339Seconds(ports.now()));
  const plan = await planCleartext(ports, { root, keys, prefix });
  const { files, creation, byHand } = plan;
  const planned: PlanState = { plan, isApplied: false, done: files, byHand };
  const show = (state: PlanState) =>
    ports.stdout(flags.isOn('json') ? planJson(state) : planText(state));
  if (files.length === 0 && byHand.length === 0 && plan.history.commits.length === 0) {
    if (flags.isOn('json')) show({ ...planned, isApplied: true });
    else ports.stderr('tidelock: nothing is in plain text here: there is nothing to move.\n');
    return 0;
  }
  const hasNobody = keys.length === 0 && agreedKeys(plan.survey, creation.config) === null;
  if (files.length === 0 && hasNobody && creation.without.length > 0) throw missingKeys(ports);
  if (files.length === 0) {
    show(planned);
    return byHand.length === 0 ? 0 : LEFT;
  }
  const ask = { question: 'Encrypt these files? (y/n) ', show: () => show(planned) };
  if (!(await isAgreed(ports, flags, ask))) return LEFT;
  const { done, left } = await encryptFiles({ ports, flags: new Flags(new Map()) }, plan);
  await writeEncrypted(plan, done);
  show({
    plan,
    isApplied: true,
    done: done.map(({ file }) => file),
    byHand: [...byHand, ...left],
  });
  return byHand.length + left.length === 0 ? 0 : LEFT;
}
