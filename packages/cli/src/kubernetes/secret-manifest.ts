import {
  type Document,
  decodeUtf8,
  entriesOf,
  type Format,
  findEntry,
  isToken,
  type MapNode,
  mapOf,
  storeFor,
  stringLeaf,
  type Value,
} from '@tidelock/core';
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
export function manifestBytes(
  { name, namespace, type, values, labels, annotations, isImmutable }: SecretRequest,
  format: Format,
): Uint8Array {
  const text: [string, Value][] = [];
  const binary: [string, Value][] = [];
  for (const [key, bytes] of values) {
    const decoded = decodeUtf8(bytes);
    if (decoded !== null && !hasControls(decoded)) text.push([key, stringLeaf(decoded)]);
    else binary.push([key, stringLeaf(Buffer.from(bytes).toString('base64'))]);
  }
  const metadata: [string, Value][] = [['name', stringLeaf(name)]];
  if (namespace !== null) metadata.push(['namespace', stringLeaf(namespace)]);
  metadata.push(...texts('labels', labels), ...texts('annotations', annotations));
  const root: [string, Value][] = [
    ['apiVersion', stringLeaf('v1')],
    ['kind', stringLeaf('Secret')],
    ['metadata', mapOf(metadata)],
    ['type', stringLeaf(type)],
    ...(isImmutable === true ? [IMMUTABLE] : []),
    ...(binary.length === 0 ? [] : [['data', mapOf(binary)] as [string, Value]]),
    ...(text.length === 0 ? [] : [['stringData', mapOf(text)] as [string, Value]]),
  ];
  const document: Document = { format, branches: [mapOf(root)], block: null, origin: null };
  return storeFor(format).emitCanonical(document);
}

const IMMUTABLE: [string, Value] = [
  'immutable',
  { kind: 'leaf', scalar: { type: 'bool', value: true } },
];

function texts(field: string, map: ReadonlyMap<string, string> = new Map()): [string, Value][] {
  if (map.size === 0) return [];
  return [[field, mapOf([...map].map(([key, text]) => [key, stringLeaf(text)] as const))]];
}

/** What a text file of YAML or JSON does not carry safely stays base64. */
const hasControls = (text: string) => /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]/.test(text);

/** Whether the encrypted manifest is one that Flux and kubectl know, with every value encrypted. */
export function isUsable(bytes: Uint8Array, format: Format): boolean {
  const [root] = storeFor(format).parse(bytes).branches;
  if (root === undefined) return false;
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
