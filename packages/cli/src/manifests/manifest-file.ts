import {
  type Document,
  findEntry,
  type MapNode,
  type Position,
  positionAt,
  storeFor,
  TidelockError,
  type Value,
} from '@tidelock/core';
import { encryptedDocument, plainDocument } from '../documents.ts';
import { type Input, readInput } from '../files/input.ts';
import type { Flags } from '../flags.ts';
import { openForReading } from '../opening.ts';
import type { Ports } from '../ports.ts';

/** A file of Kubernetes manifests, in plain text or opened in memory. */
export interface ManifestFile {
  readonly label: string;
  readonly document: Document;
  /** As it was read; null where its plain text stands in memory alone. */
  readonly bytes: Uint8Array | null;
}

/**
 * Reads manifests from a file or, without a path, from standard input. What sops encrypted is opened
 * with the keys of this machine.
 * @throws CommandError, TidelockError naming file and line
 */
export async function readManifests(
  ports: Ports,
  flags: Flags,
  path: string | undefined,
): Promise<ManifestFile> {
  const input = await readInput(ports, flags, path === undefined ? [] : [path], {
    stdin: 'binary',
  });
  return openManifests(ports, flags, input);
}

/** The same for bytes that were read before. */
export async function openManifests(
  ports: Ports,
  flags: Flags,
  input: Input,
): Promise<ManifestFile> {
  const typed = withTextFormat(input);
  const document = plainDocument(typed);
  if (document.block === null) return { label: input.label, document, bytes: input.bytes };
  const { opened } = await openForReading(ports, flags, typed);
  return { label: input.label, document: opened.document, bytes: null };
}

/** The bytes of a file that sops encrypted as a whole; null: it is none. */
export async function openBinary(
  ports: Ports,
  flags: Flags,
  input: Input,
): Promise<Uint8Array | null> {
  if (input.inputFormat !== 'binary' || !looksLikeJson(input.bytes)) return null;
  if (!isSopsJson(input)) return null;
  const { opened } = await openForReading(ports, flags, input);
  return storeFor('binary').emit(opened.document);
}

function isSopsJson(input: Input): boolean {
  try {
    return encryptedDocument(input).block !== null;
  } catch (error) {
    if (error instanceof TidelockError) return false;
    throw error;
  }
}

/** A name that says nothing leaves it to the first character. */
function withTextFormat(input: Input): Input {
  if (input.inputFormat === 'yaml' || input.inputFormat === 'json') return input;
  const format = looksLikeJson(input.bytes) ? 'json' : 'yaml';
  return { ...input, inputFormat: format, outputFormat: format };
}

const looksLikeJson = (bytes: Uint8Array) =>
  /^\s*\{/.test(Buffer.from(bytes.subarray(0, 100)).toString('latin1'));

/** Where a node stands; the nearest node around it where it is repeated by an alias. */
export function placeIn({ document }: ManifestFile, ...nodes: readonly (Value | undefined)[]) {
  const text = document.origin?.text;
  const start = nodes.find((node) => node?.syntax !== undefined)?.syntax?.span.start;
  return text === undefined || start === undefined ? undefined : positionAt(text, start);
}

/** Something is wrong with a manifest: which file, which line. */
export function manifestError(
  file: ManifestFile,
  nodes: readonly (Value | undefined)[],
  message: string,
  hint: string,
): TidelockError {
  const position: Position | undefined = placeIn(file, ...nodes);
  return new TidelockError('ERR_MANIFEST', message, {
    path: file.label,
    hint,
    ...(position === undefined ? {} : { position }),
  });
}

export function childOf(map: Value | undefined, key: string): Value | undefined {
  return map?.kind === 'map' ? findEntry(map, key)?.value : undefined;
}

export function descendantOf(map: MapNode, ...keys: readonly string[]): Value | undefined {
  return keys.reduce<Value | undefined>((at, key) => childOf(at, key), map);
}
