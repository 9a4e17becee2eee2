import {
  completeKeys,
  type Document,
  type KeyGroup,
  type KeyService,
  type KeyUpdatePlan,
  type Limiter,
  planKeyUpdate,
  type RecordedKeys,
  readMetadata,
  rfc3339Seconds,
  TidelockError,
  updateKeys,
  verify,
} from '@tidelock/core';
import type { FoundConfig } from './config-lookup.ts';
import { encryptedDocument, inFileAsync } from './documents.ts';
import { emitAs } from './emitting.ts';
import { type Input, readInput } from './files/input.ts';
import { writeBack } from './files/output.ts';
import type { Flags } from './flags.ts';
import { groupsOfRule, ruleFor } from './key-groups.ts';
import type { Ports } from './ports.ts';
import { prove } from './rewriting.ts';

/** A file, what its creation rule asks for, and what that changes. */
export interface KeyUpdate {
  readonly input: Input;
  readonly source: Document;
  readonly wantedGroups: readonly KeyGroup[];
  readonly plan: KeyUpdatePlan;
}

export interface UpdateContext {
  readonly ports: Ports;
  readonly flags: Flags;
  readonly found: FoundConfig;
  readonly now: Date;
  /** Calls of key services at once. */
  readonly concurrency: number;
}

/** @throws TidelockError, CommandError naming the file */
export async function planKeyUpdateOf(
  path: string,
  {
    ports,
    flags,
    found,
    now,
    services,
  }: UpdateContext & { readonly services: readonly KeyService[] },
): Promise<KeyUpdate> {
  const input = await readInput(ports, flags, [path]);
  const source = encryptedDocument(input);
  return inFileAsync(input.label, async () => {
    if (source.block === null) {
      throw new TidelockError('ERR_NOT_ENCRYPTED', 'sops metadata not found', {
        hint: `tidelock encrypt -i ${path}`,
      });
    }
    const rule = ruleFor(found, input.name);
    const named =
      rule === null
        ? []
        : groupsOfRule({ found, rule, label: input.label }, { createdAt: rfc3339Seconds(now) });
    if (named.length === 0 || named.some((group) => group.keys.length === 0)) {
      throw new TidelockError(
        'ERR_NO_KEYS',
        'empty key group provided: its creation rule names no keys',
        {
          hint: 'Add keys to that rule in .sops.yaml.',
        },
      );
    }
    const wantedGroups = await completeKeys(named, services);
    return {
      input,
      source,
      wantedGroups,
      plan: planKeyUpdate(readMetadata(source.block), wantedGroups),
    };
  });
}

/** Wraps the data key anew, proves the new file and replaces the old one. */
export async function applyKeyUpdate(
  { input, source, wantedGroups }: KeyUpdate,
  context: UpdateContext & {
    readonly keys: RecordedKeys;
    readonly limiter: Limiter;
    readonly folders: Set<string>;
  },
): Promise<void> {
  const { ports, flags, found, now, keys, limiter, folders } = context;
  const { document } = await inFileAsync(input.label, () =>
    updateKeys(source, { wantedGroups, services: keys.services, now, concurrency: limiter }),
  );
  const bytes = emitAs(document, input.outputFormat, { flags, found });
  await prove(bytes, input, keys).catch(async (error: unknown) => {
    // Where the old file does not open either, it is the data key that is wrong, not the new file.
    await inFileAsync(input.label, () => verify(source, { services: [keys.memory] }));
    throw error;
  });
  await writeBack(ports, flags, input, bytes, folders);
}
