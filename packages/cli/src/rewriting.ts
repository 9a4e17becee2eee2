import {
  type Document,
  type KeyService,
  proveEncrypted,
  type RecordedKeys,
  recordKeys,
  TidelockError,
} from '@tidelock/core';
import { findConfig } from './config-lookup.ts';
import { encryptedDocument, inFile, inFileAsync } from './documents.ts';
import { emitAs } from './emitting.ts';
import { type Input, readInput } from './files/input.ts';
import { writeBack, writeResult } from './files/output.ts';
import type { Flags } from './flags.ts';
import { localKeyServices } from './key-services.ts';
import type { Ports } from './ports.ts';
import { trustedGroups } from './trusted-groups.ts';

export interface Rewrite {
  readonly input: Input;
  readonly source: Document;
  readonly services: readonly KeyService[];
}

/**
 * Reads an encrypted file, has it changed, proves the result and writes it: to the file itself when
 * `always` or `--in-place` says so, else to standard output. The very same Document writes nothing.
 */
export async function rewriteFile(
  ports: Ports,
  flags: Flags,
  request: {
    readonly path: readonly string[];
    readonly destination: 'in-place' | 'as-flags-say';
    readonly change: (rewrite: Rewrite) => Promise<Document>;
  },
): Promise<void> {
  const found = await findConfig(ports, flags);
  const input = await readInput(ports, flags, request.path);
  const source = encryptedDocument(input);
  const keys = recordKeys(localKeyServices(ports, flags, await trustedGroups(ports, flags, found)));
  try {
    const changed = await inFileAsync(input.label, () =>
      request.change({ input, source, services: keys.services }),
    );
    if (changed === source && request.destination === 'in-place') return;
    const bytes = inFile(input.label, () => emitAs(changed, input.outputFormat, { flags, found }));
    await prove(bytes, input, keys);
    if (request.destination === 'in-place') await writeBack(ports, flags, input, bytes);
    else await writeResult(ports, flags, input, bytes);
  } finally {
    keys.clear();
  }
}

/** Opens the new bytes before they replace the old ones. */
export function prove(bytes: Uint8Array, input: Input, keys: RecordedKeys): Promise<void> {
  return inFileAsync(input.label, () =>
    proveEncrypted(bytes, input.outputFormat, keys).catch((error: unknown) => {
      throw ofConversion(error, input);
    }),
  );
}

/** A value that another format cannot hold: a null in dotenv, a truth value left plain in INI. */
function ofConversion(error: unknown, { inputFormat, outputFormat }: Input): unknown {
  if (inputFormat === outputFormat) return error;
  if (!(error instanceof TidelockError) || error.code !== 'ERR_VERIFY') return error;
  const reason = error.cause instanceof TidelockError ? error.cause.message : 'it cannot be read';
  return new TidelockError(
    'ERR_EMIT',
    `as ${outputFormat} the document would not open again (${reason}); nothing was written`,
    { hint: 'Write it as YAML or JSON, which hold every value (--output-type).', cause: error },
  );
}
