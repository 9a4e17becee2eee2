import { formatOf } from '@tidelock/core';
import type { FoundConfig } from '../config-lookup.ts';
import { encryptInput } from '../encrypting.ts';
import type { Input } from '../files/input.ts';
import type { Flags } from '../flags.ts';
import { ruleFor } from '../key-groups.ts';
import { MANIFEST_SELECTION } from '../migrate/way-to-encrypt.ts';
import type { Ports } from '../ports.ts';
import { refused } from './refused.ts';
import { isUsable, manifestBytes, type SecretRequest } from './secret-manifest.ts';

export interface SecretFile {
  readonly ports: Ports;
  readonly flags: Flags;
  /** Absolute: decides the creation rule and, by its extension, the format. */
  readonly path: string;
  /** As messages call it. */
  readonly label: string;
  /** The `.sops.yaml` whose rules count; null: the flags name the keys. */
  readonly found: FoundConfig | null;
}

/**
 * A Secret as the bytes of an encrypted manifest, proved; its plain text stands in memory alone, and
 * nothing is written.
 * @throws CommandError for a rule that would make it unreadable for Kubernetes, or leave a value plain
 */
export async function encryptSecret(
  secret: SecretRequest,
  { ports, flags, path, label, found }: SecretFile,
): Promise<Uint8Array> {
  const format = formatOf(path);
  const bytes = manifestBytes(secret, format);
  const input: Input = {
    path: label,
    name: path,
    label,
    bytes,
    inputFormat: format,
    outputFormat: format,
  };
  const encrypted = await encryptInput({
    ports,
    flags,
    input,
    found,
    selection: MANIFEST_SELECTION,
  });
  bytes.fill(0);
  if (isUsable(encrypted, format)) return encrypted;
  const rule = found === null ? null : ruleFor(found, path);
  throw refused(
    `creation rule ${(rule?.index ?? 0) + 1} encrypts other keys than data and stringData of ${label}`,
    'Add encrypted_regex: ^(data|stringData)$ to that rule, so that Kubernetes knows the manifest.',
  );
}
