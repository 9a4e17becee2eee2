import type { AllowList, MasterKey } from '@tidelock/core';
import {
  type Deployment,
  type Manifest,
  readDeployment,
  type Source,
  structureOf,
} from '@tidelock/guard';
import type { CreationConfig } from '../../init/creation-config.ts';
import { type Survey, surveyRepository } from '../../init/survey.ts';
import type { Ports } from '../../ports.ts';
import type { RepositoryFolder } from '../repository-folder.ts';
import { aroundOf } from './around.ts';
import { chooseRules, type PlannedSecret } from './choose-rules.ts';
import { type LeftSecret, leftSecret } from './left-secret.ts';
import { type Placed, placementOf } from './placement.ts';
import { LeftToHand } from './remote-secret.ts';
import { requestedSecrets } from './requested.ts';
import { otherOwner } from './sole-owner.ts';
import { uncommitted } from './uncommitted.ts';
import { unusedStores } from './unused-stores.ts';
import { type VaultAddresses, vaultAddresses, vaultStoresOf } from './vault-place.ts';

export interface ExternalSecretsPlan {
  readonly survey: Survey;
  readonly deployment: Deployment;
  readonly creation: CreationConfig;
  readonly secrets: readonly PlannedSecret[];
  readonly byHand: readonly LeftSecret[];
  readonly vault: VaultAddresses;
  /** Flux Kustomizations that build a planned file and decrypt nothing, by their paths. */
  readonly withoutDecryption: readonly string[];
  /** Stores that nothing reads from once the plan is done: kind, name and file. */
  readonly unusedStores: readonly string[];
}

export interface PlanRequest extends RepositoryFolder {
  readonly keys: readonly MasterKey[];
  readonly allowList: AllowList;
}

/** Which Secret files stand for the ExternalSecrets of a repository; nothing is read from any store. */
export async function planExternalSecrets(
  ports: Ports,
  { root, prefix, keys, allowList }: PlanRequest,
): Promise<ExternalSecretsPlan> {
  const survey = await surveyRepository(ports, root);
  const deployment = readDeployment(survey.sources);
  const byHand: LeftSecret[] = survey.sources
    .filter(({ path }) => path.startsWith(prefix))
    .flatMap(inTemplates);
  const leave = (manifest: Manifest, { message }: Pick<Error, 'message'>) => {
    byHand.push(leftSecret(manifest, message));
  };
  const requested = requestedSecrets(deployment).filter(({ manifest }) =>
    manifest.source.path.startsWith(prefix),
  );
  const all = requested.flatMap(({ wanted }) => (wanted instanceof LeftToHand ? [] : wanted));
  const vault = vaultAddresses(all, ports, allowList);
  const owners = requested.flatMap(({ manifest, wanted }) =>
    wanted instanceof LeftToHand ? [] : wanted.map((secret) => ({ manifest, secret })),
  );
  const changed = await uncommitted(
    root,
    ports.env,
    requested.map(({ manifest }) => manifest.source.path),
  );
  const placed: Placed[] = [];
  for (const { manifest, wanted } of requested) {
    try {
      if (wanted instanceof LeftToHand) throw wanted;
      if (changed.has(manifest.source.path))
        throw new LeftToHand('its file is not committed as it is: commit it first, as a way back');
      const own = owners.filter((owner) => owner.manifest === manifest);
      const others = own.flatMap((owner) => otherOwner(deployment, owner, owners) ?? []);
      const [other] = others;
      if (other !== undefined)
        throw new LeftToHand(
          `its Secret is made by ${other.source.path} too: one of the two has to go`,
        );
      for (const store of wanted.flatMap(vaultStoresOf)) vault.addressOf(store);
      const isOnly = wanted.length === 1;
      const places = wanted.map((secret) => placementOf(deployment, { manifest, secret, isOnly }));
      aroundOf(deployment, places);
      placed.push(...places);
    } catch (error) {
      if (!(error instanceof LeftToHand)) throw error;
      leave(manifest, error);
    }
  }
  const { creation, secrets, left } = chooseRules(placed, { survey, keys, now: ports.now() });
  return {
    survey,
    deployment,
    creation,
    secrets,
    byHand: [...byHand, ...left],
    vault,
    withoutDecryption: withoutDecryption(deployment, secrets),
    unusedStores: unusedStores(deployment, secrets),
  };
}

/** What is no manifest yet, and becomes one when it is rendered. */
function inTemplates(source: Source): LeftSecret[] {
  const text = source.text;
  if (
    text === null ||
    !/\.(?:ya?ml|json|tpl)$/.test(source.path) ||
    !text.includes('ExternalSecret')
  )
    return [];
  return structureOf(source).unparsed.flatMap(({ start, end }) => {
    const found = KIND.exec(text.slice(start, end));
    if (found === null) return [];
    return [
      {
        path: source.path,
        line: source.lines.lineAt(start + found.index + found[0].indexOf('kind')) + 1,
        object: found[1] ?? '',
        reason: 'it is a template or does not parse',
      },
    ];
  });
}

const KIND = /^[ \t]*["']?kind["']?:[ \t]*["']?((?:Cluster)?ExternalSecret)\b/m;

function withoutDecryption(
  { contexts, tree }: Deployment,
  secrets: readonly PlannedSecret[],
): readonly string[] {
  const found = secrets
    .flatMap(({ manifest }) => contexts.ofFile(tree.pathOf(manifest.source)))
    .flatMap(({ flux }) => flux ?? [])
    .filter(({ provider, granted }) => provider !== 'sops' && !granted);
  return [...new Set(found.map(({ manifest }) => manifest.source.path))].sort();
}
