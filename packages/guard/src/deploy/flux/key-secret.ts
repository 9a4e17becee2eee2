import { type MasterKey, parseKey, TidelockError } from '@tidelock/core';
import { fileName, say } from '../../mask.ts';
import { decodedText } from '../../secret-leaf.ts';
import { child, entriesOf } from '../../structure/tree.ts';
import type { DeployTree } from '../deploy-tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import { type Manifest, spanAt } from '../manifest.ts';
import type { FluxKustomization } from './flux-kustomization.ts';

const KEY_NAMES = /\.(?:agekey|asc)$|^sops\.(?:vault-token|aws-kms|azure-kv|gcp-kms)$/;
/** As age-keygen writes it above the secret half. */
const PUBLIC_KEY = /public key:[ \t]*(age1[0-9a-z]{20,2000})/g;

/** The Secrets in the tree that hold a Kustomization's keys; several clusters may have one each. */
export function keySecretsOf(tree: DeployTree, flux: FluxKustomization): readonly Manifest[] {
  const { keySecret, manifest } = flux;
  if (keySecret === null) return [];
  return tree
    .named('Secret', keySecret)
    .filter(
      ({ group, namespace }) =>
        group === '' &&
        (namespace === null || manifest.namespace === null || namespace === manifest.namespace),
    );
}

/** Public halves that are written beside the keys, in plain text. */
export function publicKeysIn(tree: DeployTree, flux: FluxKustomization): readonly MasterKey[] {
  return keySecretsOf(tree, flux).flatMap((secret) => {
    const texts = [secret.source.text ?? '', ...values(secret)];
    return texts.flatMap((text) =>
      Array.from(text.matchAll(PUBLIC_KEY), (match) => ageKey(match[1] ?? '')).filter(
        (key) => key !== null,
      ),
    );
  });
}

function values({ map }: Manifest): string[] {
  return entriesOf(child(map, 'data')).flatMap(({ value }) =>
    value.kind === 'scalar' ? [decodedText(value.value) ?? ''] : [],
  );
}

function ageKey(recipient: string): MasterKey | null {
  try {
    return parseKey('age', recipient, { createdAt: '' });
  } catch (error) {
    if (error instanceof TidelockError) return null;
    throw error;
  }
}

/** A Secret of keys in which Flux finds none: it goes by the names of the entries. */
export function* judgeKeySecrets(
  tree: DeployTree,
  kustomizations: readonly FluxKustomization[],
): Iterable<DeployVerdict> {
  const judged = new Set<Manifest>();
  for (const flux of kustomizations) {
    for (const secret of keySecretsOf(tree, flux)) {
      if (judged.has(secret)) continue;
      judged.add(secret);
      const names = ['data', 'stringData'].flatMap((field) =>
        entriesOf(child(secret.map, field)).map(({ key }) => key),
      );
      if (names.length === 0 || names.some((name) => KEY_NAMES.test(name))) continue;
      yield {
        ruleId: 'deploy/flux-key-secret',
        source: secret.source,
        span: spanAt(secret.map, 'metadata', 'name'),
        treePath: [...secret.path, 'data'],
        message: say`${fileName(flux.manifest.source.path)} takes its keys from here, and no entry has a name by which Flux knows a key`,
        hint: say`Call them NAME.agekey (age), NAME.asc (PGP), sops.aws-kms, sops.gcp-kms, sops.azure-kv or sops.vault-token`,
      };
    }
  }
}
