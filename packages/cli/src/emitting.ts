import {
  type Document,
  type Format,
  type OpenedDocument,
  type StoreOptions,
  storeFor,
  TidelockError,
  withOwnLineComments,
} from '@tidelock/core';
import type { FoundConfig } from './config-lookup.ts';
import type { Flags } from './flags.ts';

const NOTHING_SET: StoreOptions = { yamlIndent: 4, jsonIndent: -1, jsonBinaryIndent: -1 };

/**
 * The bytes of a document: spliced into what it was read from, or in sops' own layout where the
 * format changes or `--canonical` asks for it.
 */
export function emitAs(
  document: Document,
  format: Format,
  { flags, found }: { readonly flags: Flags; readonly found: FoundConfig | null },
): Uint8Array {
  const store = storeFor(format);
  if (keepsLayout(document, format, flags)) return store.emit(document);
  const indent = indentFor(format, flags, found?.config.stores ?? NOTHING_SET);
  return store.emitCanonical({ ...document, format }, indent === undefined ? {} : { indent });
}

/** The same for a document that was just opened. */
export function emitOpened(
  opened: OpenedDocument,
  format: Format,
  context: { readonly flags: Flags; readonly found: FoundConfig | null },
): Uint8Array {
  const asRead = keepsLayout(opened.document, format, context.flags);
  return emitAs(asRead ? opened.document : withOwnLineComments(opened), format, context);
}

function keepsLayout(document: Document, format: Format, flags: Flags): boolean {
  if (flags.isOn('canonical') || flags.has('indent')) return false;
  return format === document.format && document.origin !== null;
}

function indentFor(format: Format, flags: Flags, stores: StoreOptions): number | undefined {
  const given = flags.text('indent');
  if (given !== undefined) {
    const indent = Number(given);
    if (Number.isInteger(indent) && indent >= -1 && indent <= 100) return indent;
    throw new TidelockError('ERR_CONFIG', '--indent must be a whole number of spaces');
  }
  if (format === 'yaml') return stores.yamlIndent;
  if (format === 'json') return stores.jsonIndent;
  return format === 'binary' ? stores.jsonBinaryIndent : undefined;
}
