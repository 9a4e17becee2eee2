import {
  type Document,
  decrypt,
  type KeyService,
  type OpenedDocument,
  parseDecryptionOrder,
} from '@tidelock/core';
import { encryptedDocument, inFileAsync } from './documents.ts';
import type { Input } from './files/input.ts';
import type { Flags } from './flags.ts';
import type { Ports } from './ports.ts';
import { warningLine } from './terminal.ts';

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
