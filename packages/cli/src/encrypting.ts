import {
  type Document,
  type EncryptOptions,
  encrypt,
  recordKeys,
  type Selection,
} from '@tidelock/core';
import type { FoundConfig } from './config-lookup.ts';
import { inFile, inFileAsync, plainDocument } from './documents.ts';
import { emitAs } from './emitting.ts';
import { encryptionSettings } from './encryption-settings.ts';
import type { Input } from './files/input.ts';
import type { Flags } from './flags.ts';
import { wantedKeys } from './key-groups.ts';
import { localKeyServices } from './key-services.ts';
import { warnOn } from './opening.ts';
import type { Ports } from './ports.ts';
import { prove } from './rewriting.ts';
import { trustedGroups } from './trusted-groups.ts';

export interface Encryption {
  readonly ports: Ports;
  readonly flags: Flags;
  readonly input: Input;
  /** The `.sops.yaml` whose rules count; null: the flags name the keys. */
  readonly found: FoundConfig | null;
  /** Where there is no rule that could choose one. */
  readonly selection?: Selection;
  /** `encrypt`, unless given. */
  readonly seal?: (plain: Document, options: EncryptOptions) => Promise<Document>;
}

/** The encrypted bytes of a plain input, by flags and creation rule, proved; nothing is written. */
export async function encryptInput(encryption: Encryption): Promise<Uint8Array> {
  const { ports, flags, input, found, seal = encrypt } = encryption;
  const plain = plainDocument(input);
  const now = ports.now();
  const { groups, rule } = wantedKeys(flags, found, { name: input.name, createdAt: now });
  const settings = encryptionSettings(flags, rule, {
    format: input.inputFormat,
    warn: ports.stderr,
  });
  const chosen =
    encryption.selection !== undefined && rule === null
      ? { ...settings, selection: encryption.selection }
      : settings;
  const keys = recordKeys(localKeyServices(ports, flags, await trustedGroups(ports, flags, found)));
  const options: EncryptOptions = {
    ...chosen,
    keyGroups: groups,
    services: keys.services,
    now,
    onWarning: warnOn(ports),
  };
  try {
    const encrypted = await inFileAsync(input.label, () => seal(plain, options));
    const bytes = inFile(input.label, () =>
      emitAs(encrypted, input.outputFormat, { flags, found }),
    );
    await prove(bytes, input, keys);
    return bytes;
  } finally {
    keys.clear();
  }
}
