import {
  type MapNode,
  mapOf,
  SCOPE_ANNOTATION_PREFIX,
  type SealedPlace,
  type SealedScope,
  type SealingCertificate,
  sealValue,
  stringLeaf,
} from '@tidelock/core';
import { refused } from '../kubernetes/refused.ts';
import { childOf, manifestError } from '../manifests/manifest-file.ts';
import type { PlainSecret } from '../manifests/plain-secret.ts';
import { immutableEntry, metadataEntries, optional } from '../manifests/write-manifest.ts';
import { withoutLastApplied } from './open-sealed.ts';
import { SEALED_API_VERSION } from './sealed-manifest.ts';

/** Values by key as `spec.encryptedData` holds them. */
export type SealedTexts = ReadonlyMap<string, string>;

export function sealValues(
  { values }: PlainSecret,
  place: SealedPlace,
  { publicKey }: SealingCertificate,
): SealedTexts {
  return new Map([...values].map(([key, plain]) => [key, sealValue(publicKey, place, plain)]));
}

type Named = Pick<PlainSecret, 'name' | 'namespace' | 'object'>;

/** @throws CommandError, TidelockError with the line of the manifest, for a Secret without a name */
export function requireName<T extends Named>(secret: T): T {
  if (secret.name !== null) return secret;
  throw missing(secret, 'the Secret has no name', 'Add metadata.name, or --name NAME.');
}

/**
 * The place of a Secret in the scope.
 * @throws CommandError, TidelockError with the line of the manifest, where the scope binds to a name or
 * a namespace that nobody gave
 */
export function placeFor(secret: Named, scope: SealedScope): SealedPlace {
  const { name, namespace } = secret;
  const binds = (what: string) => `the scope ${scope} binds to the ${what}, and there is none`;
  if (scope === 'strict' && name === null)
    throw missing(secret, binds('name'), 'Add metadata.name, or --name NAME.');
  if (scope !== 'cluster-wide' && namespace === null)
    throw missing(
      secret,
      binds('namespace'),
      'Add metadata.namespace, or --namespace NS; nothing is read from a kubeconfig.',
    );
  return { scope, name: name ?? '', namespace: namespace ?? '' };
}

function missing({ object }: Named, message: string, hint: string): Error {
  if (object === undefined) return refused(message, hint);
  const { file, map } = object;
  return manifestError(file, [childOf(map, 'metadata'), map], message, hint);
}

/**
 * The SealedSecret of a Secret: labels, annotations, type and immutable become its template; who owns
 * the Secret, its finalizers and what kubectl noted of it do not.
 */
export function sealedSecretNode(
  secret: PlainSecret,
  place: SealedPlace,
  texts: SealedTexts,
): MapNode {
  const { name, namespace, type, immutable, labels } = secret;
  const scope = scopeAnnotations(place.scope);
  const own = metadataEntries({ name, namespace, labels: new Map(), annotations: scope });
  const annotations = new Map([...keptAnnotations(secret), ...scope]);
  const template = [
    ['metadata', mapOf(metadataEntries({ name, namespace, labels, annotations }))] as const,
    ...optional('type', type),
    ...immutableEntry(immutable),
  ];
  return mapOf([
    ['apiVersion', stringLeaf(SEALED_API_VERSION)],
    ['kind', stringLeaf('SealedSecret')],
    ['metadata', mapOf(own)],
    [
      'spec',
      mapOf([
        ['encryptedData', mapOf([...texts].map(([key, text]) => [key, stringLeaf(text)]))],
        ['template', mapOf(template)],
      ]),
    ],
  ]);
}

/** Without those that choose a scope: the scope that was chosen writes its own. */
export function keptAnnotations({ annotations }: PlainSecret): ReadonlyMap<string, string> {
  const chooses = new Set(
    ['cluster-wide', 'namespace-wide'].map((scope) => SCOPE_ANNOTATION_PREFIX + scope),
  );
  return new Map([...withoutLastApplied(annotations)].filter(([name]) => !chooses.has(name)));
}

const scopeAnnotations = (scope: SealedScope): ReadonlyMap<string, string> =>
  scope === 'strict' ? new Map() : new Map([[SCOPE_ANNOTATION_PREFIX + scope, 'true']]);
