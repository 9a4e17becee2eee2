import {
  entriesOf,
  type Format,
  findEntry,
  isToken,
  type MapNode,
  storeFor,
  type Value,
} from '@tidelock/core';
import { manifestText, secretNode } from '../manifests/write-manifest.ts';
import { refused } from './refused.ts';
import type { SecretValues } from './secret-types.ts';

export interface SecretRequest {
  readonly name: string;
  /** null: left to whoever applies it. */
  readonly namespace: string | null;
  readonly type: string;
  readonly values: SecretValues;
  readonly labels?: ReadonlyMap<string, string>;
  readonly annotations?: ReadonlyMap<string, string>;
  readonly isImmutable?: boolean;
}

const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/** @throws CommandError for a name that the API server refuses */
export function checkNames({
  name,
  namespace,
  type,
}: Pick<SecretRequest, 'name' | 'namespace' | 'type'>): void {
  if (name.length > 253 || !NAME.test(name))
    throw refused(
      'the name is none that Kubernetes takes',
      'Lower case letters, digits, `-` and `.`.',
    );
  if (namespace !== null && (namespace.length > 63 || !LABEL.test(namespace)))
    throw refused(
      'the namespace is none that Kubernetes takes',
      'Lower case letters, digits, `-`.',
    );
  if (!/^[A-Za-z0-9][\w./-]{0,252}$/.test(type))
    throw refused(
      'the type is none that Kubernetes takes',
      'As kubernetes.io/tls; Opaque without --type.',
    );
}

/** The manifest in plain text, for memory alone: text under stringData, other bytes under data. */
export function manifestBytes(request: SecretRequest, format: Format): Uint8Array {
  const { labels = new Map(), annotations = new Map(), isImmutable } = request;
  const secret = { ...request, labels, annotations, immutable: isImmutable === true ? true : null };
  return manifestText([secretNode(secret, 'as-text')], format);
}

/** Whether every object of the encrypted manifest is one that Flux and kubectl know, with every value encrypted. */
export function isUsable(bytes: Uint8Array, format: Format): boolean {
  const { branches } = storeFor(format).parse(bytes);
  return branches.length > 0 && branches.every(isUsableObject);
}

function isUsableObject(root: MapNode): boolean {
  const metadata = findEntry(root, 'metadata')?.value;
  const plain = [
    ...['apiVersion', 'kind', 'type'].map((key) => findEntry(root, key)?.value),
    ...(metadata?.kind === 'map' ? valuesOf(metadata) : []),
  ];
  const secret = ['data', 'stringData'].flatMap((key) => {
    const map = findEntry(root, key)?.value;
    return map?.kind === 'map' ? valuesOf(map) : [];
  });
  return plain.every((value) => !isEncrypted(value)) && secret.every(isEncrypted);
}

const valuesOf = (map: MapNode) => entriesOf(map).map(({ value }) => value);

function isEncrypted(value: Value | undefined): boolean {
  if (value?.kind !== 'leaf' || value.scalar.type !== 'str') return false;
  const { value: text } = value.scalar;
  // sops leaves an empty text as it is.
  return typeof text === 'string' && (text === '' || isToken(text));
}
