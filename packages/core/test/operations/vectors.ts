import { existsSync, readFileSync } from 'node:fs';
import { combineShares } from '../../src/cipher/shamir.ts';
import type { Document, Format } from '../../src/document/document.ts';
import { plainBinary } from '../../src/stores/binary.ts';
import { storeFor } from '../../src/stores/store-for.ts';

const VECTORS = new URL('../../../../test/vectors/', import.meta.url);

export function vectorBytes(name: string): Uint8Array {
  return readFileSync(new URL(name, VECTORS));
}

export function hasVector(name: string): boolean {
  return existsSync(new URL(name, VECTORS));
}

export function formatOfVector(name: string): Format {
  if (name.endsWith('.json')) return 'json';
  if (name.endsWith('.env')) return 'dotenv';
  if (name.endsWith('.ini')) return 'ini';
  return name.endsWith('.yaml') ? 'yaml' : 'binary';
}

/** An encrypted vector, or with `plain` a file that sops decrypted. */
export function loadVector(name: string, options: { plain?: boolean } = {}): Document {
  return parseText(formatOfVector(name), vectorBytes(name), options);
}

export function parseText(
  format: Format,
  bytes: Uint8Array,
  options: { plain?: boolean } = {},
): Document {
  if (format === 'binary' && options.plain === true) return plainBinary(bytes);
  return storeFor(format).parse(bytes);
}

interface KnownKey {
  readonly hex: string;
}

export const DATA_KEYS: Readonly<Record<string, readonly KnownKey[]>> = JSON.parse(
  readFileSync(new URL('datakeys.json', VECTORS), 'utf8'),
);

/** The data key of a vector; of a file with key groups, combined from its shares. */
export function dataKeyOf(name: string): Uint8Array {
  const parts = (DATA_KEYS[name] ?? []).map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex')));
  const [first] = parts;
  if (first === undefined) throw new Error(`no data key known for ${name}`);
  return first.length === 32 ? first : combineShares(parts);
}
