import type { MasterKey, Metadata } from '@tidelock/core';
import { say } from '../../mask.ts';
import { canonicalKey, mayBeSame } from '../../policy/canonical-key.ts';
import { groupsNeeded } from '../../policy/compare-groups.ts';
import { metadataOf } from '../../policy/sops-facts.ts';
import type { TidelockPolicy } from '../../policy/tidelock-policy.ts';
import type { Source } from '../../source.ts';
import { globToRegExp } from '../../suppress/glob.ts';
import type { DeployTree } from '../deploy-tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import { hasText } from '../manifest.ts';
import type { FluxKustomization } from './flux-kustomization.ts';
import { publicKeysIn } from './key-secret.ts';

/** The keys that the policy says Flux Kustomizations of certain files decrypt with. */
export function fluxKeysOf(policy: TidelockPolicy | null): (path: string) => readonly MasterKey[] {
  const named = [...(policy?.recipients.values() ?? [])].flatMap(({ key, flux = [] }) =>
    flux.length === 0 ? [] : [{ key, globs: flux.map(globToRegExp) }],
  );
  return (path) =>
    named.filter(({ globs }) => globs.some((glob) => glob.test(path))).map(({ key }) => key);
}

/** Which keys the clusters hold, as far as the tree and the policy say. */
export class ClusterKeys {
  readonly #tree: DeployTree;
  readonly #known = new Map<FluxKustomization, readonly MasterKey[]>();
  #global: boolean | undefined;

  constructor(tree: DeployTree) {
    this.#tree = tree;
  }

  /** Judges whether a Kustomization has a key for the file. */
  *judge(source: Source, flux: FluxKustomization): Iterable<DeployVerdict> {
    const metadata = metadataOf(source);
    if (metadata === null || metadata.keyGroups.every(({ keys }) => keys.length === 0)) return;
    const known = this.#keysOf(flux);
    if (known.length > 0) {
      const isHeld = (key: MasterKey) =>
        isIdentityKey(key) || known.some((one) => isSame(one, key));
      if (!opens(metadata, isHeld)) yield cannotOpen(source);
    } else if (!opens(metadata, (key) => isIdentityKey(key) || this.#mayHold(flux, key)))
      yield noKeys(source, metadata);
  }

  #keysOf(flux: FluxKustomization): readonly MasterKey[] {
    const known = this.#known.get(flux);
    if (known !== undefined) return known;
    const made = [...flux.keys, ...publicKeysIn(this.#tree, flux)];
    this.#known.set(flux, made);
    return made;
  }

  /** Without a Secret of its own only the controller's may hold age keys, and nothing PGP keys. */
  #mayHold({ granted, keySecret }: FluxKustomization, { type }: MasterKey): boolean {
    if (type === 'hckms') return false;
    return granted || keySecret !== null || (type === 'age' && this.#hasGlobalKeys());
  }

  #hasGlobalKeys(): boolean {
    this.#global ??= this.#tree.sources.some((source) => hasText(source, GLOBAL));
    return this.#global;
  }
}

/** The flag of the controller that names a Secret with age keys for all. */
const GLOBAL = Buffer.from('sops-age-secret');

/** Opened by an identity in the cloud, which nobody can tell offline. */
function isIdentityKey({ type }: MasterKey): boolean {
  return type === 'kms' || type === 'gcp_kms' || type === 'azure_kv' || type === 'hc_vault';
}

function isSame(one: MasterKey, other: MasterKey): boolean {
  return canonicalKey(one) === canonicalKey(other) || mayBeSame(one, other);
}

function opens(
  { keyGroups, shamirThreshold }: Metadata,
  isHeld: (key: MasterKey) => boolean,
): boolean {
  const held = keyGroups.filter(({ keys }) => keys.some(isHeld)).length;
  return held >= groupsNeeded(keyGroups.length, shamirThreshold);
}

function cannotOpen(source: Source): DeployVerdict {
  return {
    ruleId: 'deploy/flux-cluster-key',
    source,
    span: null,
    message: say`the keys of the cluster that builds this do not open it`,
    hint: say`Add the cluster's key to the creation rule, then: tidelock updatekeys FILE`,
  };
}

function noKeys(source: Source, { keyGroups }: Metadata): DeployVerdict {
  const huawei = keyGroups.every(({ keys }) => keys.every(({ type }) => type === 'hckms'));
  return {
    ruleId: 'deploy/flux-cluster-key',
    source,
    span: null,
    ...(huawei ? {} : { severity: 'warning' as const }),
    message: huawei
      ? say`only a key of HuaweiCloud KMS opens this, which Flux has no client for`
      : say`only age or PGP keys open this, and the Flux Kustomization that builds it names no Secret with keys`,
    hint: say`Name the Secret under spec.decryption.secretRef, or add a key that the controller's identity can use`,
  };
}
