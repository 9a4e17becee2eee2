import {
  type Document,
  decrypt,
  type KeyService,
  type OpenedDocument,
  parseDecryptionOrder,
  zero,
} from '@tidelock/core';
import { type FoundConfig, findConfig } from './config-lookup.ts';
import { encryptedDocument, inFileAsync } from './documents.ts';
import type { Input } from './files/input.ts';
import type { Flags } from './flags.ts';
import { localKeyServices } from './key-services.ts';
import type { Ports } from './ports.ts';
import { warningLine } from './terminal.ts';
import { trustedGroups } from './trusted-groups.ts';

export interface OpenedInput {
  readonly input: Input;
  readonly source: Document;
  readonly opened: OpenedDocument;
  readonly services: readonly KeyService[];
}

/** Warnings of an operation, as sops prints them. */
export function warnOn(ports: Ports): (warning: { readonly message: string }) => void {
  return ({ message }) => ports.stderr(warningLine('CMD', message, ports.now()));
}

/** Decrypts the input with the keys of this machine and the flags that concern opening. */
export async function openInput(
  ports: Ports,
  flags: Flags,
  input: Input,
  services: readonly KeyService[],
  readOnly = false,
): Promise<OpenedInput> {
  const decryptionOrder = parseDecryptionOrder(flags.text('decryption-order') ?? '');
  const source = encryptedDocument(input);
  const opened = await inFileAsync(input.label, () =>
    decrypt(source, {
      services,
      decryptionOrder,
      ignoreMac: flags.isOn('ignore-mac'),
      onWarning: warnOn(ports),
      readOnly,
    }),
  );
  return { input, source, opened, services };
}

/** Decrypts what is only read and never written again; its data key is gone when this returns. */
export async function openForReading(
  ports: Ports,
  flags: Flags,
  input: Input,
): Promise<{ readonly opened: OpenedDocument; readonly found: FoundConfig | null }> {
  const found = await findConfig(ports, flags);
  const services = localKeyServices(ports, flags, await trustedGroups(ports, flags, found));
  const { opened } = await openInput(ports, flags, input, services, true);
  zero(opened.dataKey);
  return { opened, found };
}
