import { existsSync, readFileSync } from 'node:fs';
import { decodeUtf8 } from '../../src/bytes.ts';
import { combineShares } from '../../src/cipher/shamir.ts';
import {
  type Document,
  type Format,
  findEntry,
  type MapNode,
} from '../../src/document/document.ts';
import { binaryStore, plainBinary } from '../../src/stores/binary.ts';
import { dotenvStore } from '../../src/stores/dotenv.ts';

import { iniStore } from '../../src/stores/ini.ts';

import { jsonStore } from '../../src/stores/json.ts';
import { readYaml } from '../../src/yaml/read.ts';

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
  switch (format) {
    case 'json':
      return jsonStore.parse(bytes);
    case 'dotenv':
      return dotenvStore.parse(bytes);
    case 'ini':
      return iniStore.parse(bytes);
    case 'binary':
      return options.plain === true ? plainBinary(bytes) : binaryStore.parse(bytes);
    case 'yaml':
      return parseYaml(bytes);
  }
}

/** Splits the sops block off by hand: the YAML store has tests of its own. */
function parseYaml(bytes: Uint8Array): Document {
  const { branches } = readYaml(decodeUtf8(bytes) ?? '');
  const blocks = branches.map((branch) => {
    const value = findEntry(branch, 'sops')?.value;
    return value?.kind === 'map' ? value : null;
  });
  return {
    format: 'yaml',
    branches: branches.map(withoutBlock),
    block: blocks[0] ?? null,
    origin: null,
  };
}

function withoutBlock(branch: MapNode): MapNode {
  return {
    kind: 'map',
    items: branch.items.filter((item) => item.kind === 'comment' || item.key !== 'sops'),
  };
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
