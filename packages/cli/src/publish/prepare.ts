import {
  type CreationRule,
  type DestinationRule,
  encrypt,
  type KeyGroup,
  type KeyService,
  planKeyUpdate,
  recordKeys,
  rfc3339Seconds,
  storeFor,
  TidelockError,
  zero,
} from '@tidelock/core';
import type { FoundConfig } from '../config-lookup.ts';
import { encryptedDocument, inFileAsync, plainDocument } from '../documents.ts';
import { encryptionSettings } from '../encryption-settings.ts';
import type { Input } from '../files/input.ts';
import { Flags } from '../flags.ts';
import { groupsOfRule } from '../key-groups.ts';
import { keyUpdateText } from '../key-update-text.ts';
import { type OpenedInput, openInput } from '../opening.ts';
import type { Ports } from '../ports.ts';
import { prove } from '../rewriting.ts';
import { contentIdOf, plainValues, requireText } from './plain-values.ts';
import { requireEncrypted } from './require-encrypted.ts';

export interface PrepareContext {
  readonly ports: Ports;
  readonly flags: Flags;
  readonly found: FoundConfig;
  readonly services: (groups: readonly KeyGroup[]) => readonly KeyService[];
}

export interface Prepared {
  readonly bytes: Uint8Array;
  readonly contentId: string;
  /** What the user should know before it is sent; '' for nothing. */
  readonly note: string;
}

/**
 * What goes to the destination: the encrypted file as it is, or encrypted anew for the keys of the
 * recreation rule; to Vault and Secrets Manager the values themselves.
 * @throws TidelockError, DataKeyError naming the file
 */
export function prepare(
  input: Input,
  rule: DestinationRule,
  context: PrepareContext,
): Promise<Prepared> {
  return inFileAsync(input.label, async () => {
    const metadata = requireEncrypted(encryptedDocument(input), input.label);
    const { destination, recreationRule } = rule;
    if (destination.kind === 'vault' || destination.kind === 'secrets-manager') {
      return valuesOf(input, destination.kind, context);
    }
    const groups = groupsOf(recreationRule, context, input.label);
    if (recreationRule === null || groups.length === 0) {
      return { bytes: input.bytes, contentId: '', note: '' };
    }
    const bytes = await recreate(input, { rule: recreationRule, groups }, context);
    return { bytes, contentId: '', note: keyUpdateText(planKeyUpdate(metadata, groups)) };
  });
}

function groupsOf(
  rule: CreationRule | null,
  { ports, found }: PrepareContext,
  label: string,
): readonly KeyGroup[] {
  if (rule === null) return [];
  return groupsOfRule({ found, rule, label }, { createdAt: rfc3339Seconds(ports.now()) });
}

async function valuesOf(
  input: Input,
  kind: 'vault' | 'secrets-manager',
  context: PrepareContext,
): Promise<Prepared> {
  const { opened } = await open(input, context);
  try {
    const isRaw = kind === 'secrets-manager' && input.inputFormat === 'binary';
    if (kind === 'vault' && input.inputFormat === 'binary') {
      requireText(storeFor('binary').emit(opened.document), 'Vault');
    }
    const bytes = isRaw ? storeFor('binary').emit(opened.document) : plainValues(opened.document);
    return { bytes, contentId: contentIdOf(bytes, opened.dataKey), note: '' };
  } finally {
    zero(opened.dataKey);
  }
}

function open(input: Input, { ports, flags, services }: PrepareContext): Promise<OpenedInput> {
  return openInput(ports, flags, input, services([]), true);
}

/** Decrypted and encrypted again under a new data key, with every field of the rule. */
async function recreate(
  input: Input,
  wanted: { readonly rule: CreationRule; readonly groups: readonly KeyGroup[] },
  context: PrepareContext,
): Promise<Uint8Array> {
  const { rule, groups } = wanted;
  if (groups.some((group) => group.keys.length === 0)) {
    throw new TidelockError('ERR_NO_KEYS', 'the recreation rule has an empty key group', {
      position: rule.position,
      hint: 'Every key group needs at least one key.',
    });
  }
  const { ports, services } = context;
  const { opened } = await open(input, context);
  zero(opened.dataKey);
  const format = input.inputFormat;
  const plain = plainDocument({ ...input, bytes: storeFor(format).emit(opened.document) });
  const keys = recordKeys(services(groups));
  try {
    const settings = encryptionSettings(new Flags(new Map()), rule, { format, warn: ports.stderr });
    const options = { ...settings, keyGroups: groups, services: keys.services, now: ports.now() };
    const bytes = storeFor(format).emit(await encrypt(plain, options));
    await prove(bytes, { ...input, outputFormat: format }, keys);
    return bytes;
  } finally {
    keys.clear();
  }
}
