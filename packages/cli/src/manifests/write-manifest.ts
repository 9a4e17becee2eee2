import {
  decodeUtf8,
  type Format,
  type MapNode,
  mapOf,
  storeFor,
  stringLeaf,
  toBase64,
  type Value,
} from '@tidelock/core';
import { refused } from '../kubernetes/refused.ts';
import type { PlainSecret } from './plain-secret.ts';

export type Entries = readonly (readonly [string, Value])[];

/** A Secret as a node: every value as base64 under `data`, or what is text under `stringData`. */
export function secretNode(secret: PlainSecret, form: 'as-data' | 'as-text'): MapNode {
  const { type, immutable, values } = secret;
  const text: [string, Value][] = [];
  const data: [string, Value][] = [];
  for (const [key, bytes] of values) {
    const decoded = form === 'as-text' ? decodeUtf8(bytes) : null;
    if (decoded !== null && !hasControls(decoded)) text.push([key, stringLeaf(decoded)]);
    else data.push([key, stringLeaf(toBase64(bytes))]);
  }
  return mapOf([
    ['apiVersion', stringLeaf('v1')],
    ['kind', stringLeaf('Secret')],
    ['metadata', mapOf(metadataEntries(secret))],
    ...optional('type', type),
    ...immutableEntry(immutable),
    ...(data.length === 0 ? [] : [['data', mapOf(data)] as const]),
    ...(text.length === 0 ? [] : [['stringData', mapOf(text)] as const]),
  ]);
}

export function metadataEntries({
  name,
  namespace,
  labels,
  annotations,
}: Pick<PlainSecret, 'name' | 'namespace' | 'labels' | 'annotations'>): Entries {
  return [
    ...optional('name', name),
    ...optional('namespace', namespace),
    ...textsEntry('labels', labels),
    ...textsEntry('annotations', annotations),
  ];
}

export function textsEntry(key: string, texts: ReadonlyMap<string, string>): Entries {
  if (texts.size === 0) return [];
  return [[key, mapOf([...texts].map(([name, text]) => [name, stringLeaf(text)]))]];
}

export function optional(key: string, text: string | null): Entries {
  return text === null ? [] : [[key, stringLeaf(text)]];
}

export function immutableEntry(value: boolean | null): Entries {
  return value === null ? [] : [['immutable', { kind: 'leaf', scalar: { type: 'bool', value } }]];
}

/**
 * The text of new manifests, in order.
 * @throws CommandError for several in JSON, which holds one
 */
export function manifestText(
  branches: readonly MapNode[],
  format: Format,
  indent?: number,
): Uint8Array {
  if (format === 'json' && branches.length > 1)
    throw refused(
      `there are ${branches.length} objects, and a JSON file holds one`,
      'Write YAML: --format yaml.',
    );
  const document = { format, branches, block: null, origin: null };
  return storeFor(format).emitCanonical(document, indent === undefined ? {} : { indent });
}

/** What a text file of YAML or JSON does not carry safely stays base64. */
const hasControls = (text: string) => /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]/.test(text);
