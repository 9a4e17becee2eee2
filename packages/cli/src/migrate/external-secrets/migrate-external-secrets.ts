import { createAllowList, rfc3339Seconds, vaultPlace } from '@tidelock/core';
import type { Invocation } from '../../command.ts';
import { findConfig } from '../../config-lookup.ts';
import { isAgreed } from '../../files/agreement.ts';
import type { Flags } from '../../flags.ts';
import { agreedKeys } from '../../init/creation-config.ts';
import { missingKeys } from '../../init/missing-keys.ts';
import { cancelOnInterrupt } from '../../interrupt.ts';
import { keysFromFlags } from '../../key-groups.ts';
import { connectByNode, httpsAgent } from '../../key-services.ts';
import type { Ports } from '../../ports.ts';
import { Progress } from '../../progress.ts';
import { trustedGroups } from '../../trusted-groups.ts';
import { repositoryFolder } from '../repository-folder.ts';
import { aroundOf } from './around.ts';
import { encryptSecrets } from './encrypt-secrets.ts';
import { planExternalSecrets } from './external-secrets-plan.ts';
import {
  externalSecretsJson,
  externalSecretsText,
  type PlanState,
} from './external-secrets-text.ts';
import { createFetch } from './fetch-values.ts';
import { unusedStores } from './unused-stores.ts';
import { writeSecrets } from './write-secrets.ts';

const LEFT = 1;

/**
 * Encrypted Secrets in the place of ExternalSecrets, after a plan of names and places was shown; only
 * then is a store asked. @returns 1 where something is left to do
 */
export async function migrateExternalSecrets(invocation: Invocation): Promise<number> {
  const { ports, flags, positionals } = invocation;
  const folder = repositoryFolder(ports.cwd, 'external-secrets', positionals.slice(1));
  const keys = keysFromFlags(flags, rfc3339Seconds(ports.now()));
  const allowList = await permitted(ports, flags);
  const plan = await planExternalSecrets(ports, { ...folder, keys, allowList });
  const { secrets, byHand, creation, survey, deployment } = plan;
  const planned = {
    plan,
    isApplied: false,
    secrets,
    byHand,
    around: aroundOf(deployment, secrets),
  };
  const show = (state: PlanState) =>
    ports.stdout(flags.isOn('json') ? externalSecretsJson(state) : externalSecretsText(state));
  if (secrets.length === 0 && byHand.length === 0) {
    if (flags.isOn('json')) show({ ...planned, isApplied: true });
    else ports.stderr('tidelock: no ExternalSecret is here: there is nothing to move.\n');
    return 0;
  }
  const hasNobody = keys.length === 0 && agreedKeys(survey, creation.config) === null;
  if (secrets.length === 0 && hasNobody && creation.without.length > 0) throw missingKeys(ports);
  if (secrets.length === 0) {
    show(planned);
    return LEFT;
  }
  const ask = {
    question: 'Read these values and write the Secrets? (y/n) ',
    show: () => show(planned),
    untouched: 'no value was read and nothing was written',
  };
  if (!(await isAgreed(ports, flags, ask))) return LEFT;
  const fetch = createFetch({
    environment: ports,
    connect: connectByNode(ports.env),
    allowList,
    addresses: plan.vault,
    httpsAgent: () => httpsAgent(ports.env),
    cancel: cancelOnInterrupt(),
  });
  const rules = { survey, keys, now: ports.now() };
  const reading = encryptSecrets(ports, plan, { ...rules, fetch });
  const {
    done,
    left,
    creation: needed,
  } = await new Progress(ports).during(() => 'reading from the stores', reading);
  const written = done.map((one) => one.planned);
  const around = aroundOf(deployment, written);
  if (done.length > 0) await writeSecrets(survey.root, needed.change, done, around);
  const allLeft = [...byHand, ...left];
  const applied = { ...plan, creation: needed, unusedStores: unusedStores(deployment, written) };
  show({ plan: applied, isApplied: true, secrets: written, byHand: allLeft, around });
  return allLeft.length === 0 ? 0 : LEFT;
}

/** In CI: what the rules of the base branch name, and the Vault of the environment. */
async function permitted(ports: Ports, flags: Flags) {
  const groups = await trustedGroups(ports, flags, await findConfig(ports, flags));
  const own = (ports.env.VAULT_ADDR ?? '').replace(/\/+$/, '');
  return createAllowList({
    env: ports.env,
    named: [...groups.flatMap(({ keys }) => keys), ...(own === '' ? [] : [vaultPlace(own)])],
  });
}
