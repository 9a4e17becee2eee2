import { type Format, formatOf } from '@tidelock/core';
import type { Source } from '../../source.ts';
import { hasText } from '../manifest.ts';

/** What Flux looks for before it decrypts a file of a format; without it the file stays as it is. */
const MARKERS: Readonly<Record<Format, Buffer>> = {
  yaml: Buffer.from('mac: ENC['),
  json: Buffer.from('"mac": "ENC['),
  binary: Buffer.from('"mac": "ENC['),
  dotenv: Buffer.from('sops_mac=ENC['),
  ini: Buffer.from('[sops]'),
};

/** Files over this many bytes Flux does not decrypt. */
export const LARGEST_DECRYPTED = 5 * 1024 * 1024;

export function hasMarker(source: Source, format: Format): boolean {
  return hasText(source, MARKERS[format]);
}

/** The format that Flux takes a file of `envs` for. */
export function envFormat(path: string): Format {
  const format = formatOf(path);
  return format === 'binary' ? 'dotenv' : format;
}

/** The format of a value in a generated Secret, by its key. */
export function valueFormat(key: string): Format {
  return key.endsWith('.dockerconfigjson') ? 'json' : formatOf(key);
}

/** The format whose mark Flux finds in the data of a Secret; null: none. */
export function markedFormat(source: Source): Format | null {
  return (['yaml', 'json', 'dotenv', 'ini'] as const).find((one) => hasMarker(source, one)) ?? null;
}
