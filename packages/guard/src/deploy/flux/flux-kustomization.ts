import type { MasterKey } from '@tidelock/core';
import { canonicalKey } from '../../policy/canonical-key.ts';
import { child, descendant, type TreeMap, textOf } from '../../structure/tree.ts';
import { fluxPatches, isDecryptionPatch } from '../kustomization.ts';
import { isVariable, knownText, type Manifest } from '../manifest.ts';
import { pathBelowRoot } from '../paths.ts';

export const FLUX_KUSTOMIZE = 'kustomize.toolkit.fluxcd.io';
const KNOWN_VERSIONS = ['v1', 'v1beta2', 'v1beta1'];

/** A Kustomization of Flux: what it builds, and how it decrypts that. */
export interface FluxKustomization {
  readonly manifest: Manifest;
  readonly map: TreeMap;
  /** Within the repository; null: not known here, or in another repository. */
  readonly folder: string | null;
  /** Why the folder is not known. */
  readonly why: 'elsewhere' | 'variable' | 'version' | 'missing' | null;
  /** null: it decrypts nothing. */
  readonly provider: string | null;
  /** A patch around it gives it its decryption: with which keys is not known here. */
  readonly granted: boolean;
  /** What the policy says it decrypts with. */
  readonly keys: readonly MasterKey[];
  /** Name of the Secret with the keys. */
  readonly keySecret: string | null;
  readonly serviceAccount: string | null;
  readonly targetNamespace: string | null;
  readonly changesUnknown: boolean;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  /** Its own patches give the Kustomizations in it their decryption. */
  readonly grantsDecryption: boolean;
  /** Equal for those that decrypt alike. */
  readonly decryptionClass: string;
}

export interface FluxSources {
  /** Whether a source of this name is this very repository; null: unknown. */
  isOwn(kind: string, name: string): boolean | null;
  hasFolder(path: string): boolean;
  /** Whether all that could be there is known. */
  covers(path: string): boolean;
}

/** @param keys what the policy says it decrypts with */
export function readFluxKustomization(
  manifest: Manifest,
  sources: FluxSources,
  keys: readonly MasterKey[] = [],
): FluxKustomization {
  const { map } = manifest;
  const spec = child(map, 'spec');
  const decryption = child(spec, 'decryption');
  const provider = decryption === undefined ? null : (textOf(decryption, 'provider') ?? '');
  const keySecret = knownText(child(decryption, 'secretRef'), 'name');
  const serviceAccount = knownText(decryption, 'serviceAccountName');
  const [namespace, prefix, suffix] = ['targetNamespace', 'namePrefix', 'nameSuffix'].map(
    (name) => textOf(spec, name) ?? '',
  );
  const unknown = [namespace, prefix, suffix].some((text) => isVariable(text ?? ''));
  return {
    manifest,
    map,
    ...folderOf(manifest, sources),
    provider,
    granted: false,
    keys,
    keySecret,
    serviceAccount,
    targetNamespace: namespace === '' || unknown ? null : (namespace ?? null),
    changesUnknown: unknown,
    namePrefix: unknown ? '' : (prefix ?? ''),
    nameSuffix: unknown ? '' : (suffix ?? ''),
    grantsDecryption: fluxPatches(map).some(isDecryptionPatch),
    decryptionClass: JSON.stringify([
      [provider, manifest.namespace, keySecret, serviceAccount],
      keys.map(canonicalKey),
    ]),
  };
}

function folderOf(
  { map, version }: Manifest,
  sources: FluxSources,
): Pick<FluxKustomization, 'folder' | 'why'> {
  if (!KNOWN_VERSIONS.includes(version)) return { folder: null, why: 'version' };
  const reference = descendant(map, 'spec', 'sourceRef');
  const path = textOf(child(map, 'spec'), 'path') ?? '';
  if (isVariable(path) || isVariable(textOf(reference, 'name') ?? ''))
    return { folder: null, why: 'variable' };
  const own = sources.isOwn(
    textOf(reference, 'kind') ?? 'GitRepository',
    textOf(reference, 'name') ?? '',
  );
  if (own === false) return { folder: null, why: 'elsewhere' };
  const folder = pathBelowRoot(path);
  // Every repository has a root: only that of a source known to be this one is meant.
  const isRoot = folder === '' && own !== true;
  if (!isRoot && sources.hasFolder(folder)) return { folder, why: null };
  const isMissing = own === true && sources.covers(folder);
  return { folder: null, why: isMissing ? 'missing' : 'elsewhere' };
}

/** Whether it decrypts what it builds. */
export function decrypts({ provider, granted }: FluxKustomization): boolean {
  return granted || provider === 'sops';
}
