import { encodeUtf8 } from '../bytes.ts';
import type { Document, Entry, MapNode } from '../document/document.ts';
import { entriesOf, findEntry, mapOf, stringLeaf } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import { canonicalJsonText, emitJsonText, parseJsonDocument } from './json.ts';
import { singleBranch } from './single-branch.ts';
import type { CanonicalOptions, Store } from './store.ts';

/** Bytes of a plain file beyond which it is refused. */
const MAX_PLAIN_BYTES = 128 * 1024 * 1024;
/** Its base64 with the metadata. */
const MAX_ENCRYPTED_BYTES = 176 * 1024 * 1024;
const DATA = 'data';

/**
 * Files of any other kind (SOPS-FORMAT 4.3). The encrypted side is JSON and is what `parse` reads; the
 * plain side is made by `plainBinary`. `emit` writes raw bytes for a Document without a sops block.
 */
export const binaryStore: Store = {
  format: 'binary',
  parse(bytes) {
    const document = parseJsonDocument(bytes, MAX_ENCRYPTED_BYTES);
    return { ...document, format: 'binary' };
  },
  emit(document) {
    if (document.block === null) return rawData(document);
    if (document.format !== 'binary' || document.origin === null) {
      return binaryStore.emitCanonical(document);
    }
    return encodeUtf8(emitJsonText({ ...document, format: 'json' }));
  },
  emitCanonical(document, options: CanonicalOptions = {}) {
    if (document.block === null) return rawData(document);
    const branches = [mapOf([[DATA, dataEntry(document).value]])];
    return encodeUtf8(canonicalJsonText({ ...document, branches }, options));
  },
  emitValue(value) {
    if (value.kind === 'map') return rawBytes(findEntry(value, DATA));
    if (value.kind === 'leaf' && value.scalar.type === 'str') return asBytes(value.scalar.value);
    throw new TidelockError('ERR_EMIT', 'A binary file has no single values to print.', {
      hint: 'Say --output-type json or yaml.',
    });
  },
};

/**
 * A plain file of any bytes as a Document: they are the value of `data`, and stay bytes.
 * @throws TidelockError ERR_TOO_LARGE
 */
export function plainBinary(bytes: Uint8Array): Document {
  if (bytes.length > MAX_PLAIN_BYTES) {
    throw new TidelockError('ERR_TOO_LARGE', `The file is larger than ${MAX_PLAIN_BYTES} bytes.`, {
      hint: 'Encrypt it with age, and keep the age identity in a sops file.',
    });
  }
  return {
    format: 'binary',
    branches: [mapOf([[DATA, stringLeaf(bytes)]])],
    block: null,
    origin: null,
  };
}

function rawData(document: Document): Uint8Array {
  return rawBytes(dataEntry(document));
}

function dataEntry(document: Document): Entry {
  const branch: MapNode = singleBranch(document, 'binary');
  const entry = findEntry(branch, DATA);
  if (entry === undefined || entriesOf(branch).length > 1) throw notBinary();
  return entry;
}

function rawBytes(entry: Entry | undefined): Uint8Array {
  if (entry?.value.kind !== 'leaf' || entry.value.scalar.type !== 'str') throw notBinary();
  return asBytes(entry.value.scalar.value);
}

function asBytes(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? encodeUtf8(value) : value;
}

function notBinary(): TidelockError {
  return new TidelockError(
    'ERR_EMIT',
    'The document is not a binary file: it is more than "data".',
    {
      hint: 'Say with --output-type what to write: yaml or json hold any document.',
    },
  );
}
