import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import type { Document, Entry, Item, MapNode } from '../document/document.ts';
import { entriesOf } from '../document/document.ts';
import { mergeValue } from '../document/merge.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { applyEdits } from './edits.ts';
import { parseJsonObject } from './json-parse.ts';
import { GO_SPELLING, spell } from './json-spelling.ts';
import { spliceJson } from './json-splice.ts';
import { jsonFileStyle } from './json-style.ts';
import type { JsonLayoutStyle } from './json-write.ts';
import { writeJson } from './json-write.ts';
import { singleBranch } from './single-branch.ts';
import type { CanonicalOptions, Store } from './store.ts';

/** Bytes of JSON beyond which a file is refused. */
const MAX_JSON_BYTES = 128 * 1024 * 1024;

/** `Origin.layout` of the JSON store: the root with the sops entry where it stood. */
interface JsonLayout {
  readonly root: MapNode;
}

/** JSON files (SOPS-FORMAT 4.2). */
export const jsonStore: Store = {
  format: 'json',
  parse: (bytes) => parseJsonDocument(bytes, MAX_JSON_BYTES),
  emit: (document) => encodeUtf8(emitJsonText(document)),
  emitCanonical: (document, options) => encodeUtf8(canonicalJsonText(document, options)),
  emitValue(value) {
    if (value.kind === 'leaf' && value.scalar.type === 'str') {
      const { value: text } = value.scalar;
      return typeof text === 'string' ? encodeUtf8(text) : text;
    }
    const text = writeJson(value, canonicalStyle({}, false), '');
    return encodeUtf8(value.kind === 'map' ? `${text}\n` : text);
  },
};

/**
 * A Document of format `json`.
 * @throws TidelockError ERR_TOO_LARGE beyond `maxBytes`, ERR_NOT_UTF8, ERR_PARSE, ERR_METADATA for a
 * `sops` that is not an object or stands there twice
 */
export function parseJsonDocument(bytes: Uint8Array, maxBytes: number): Document {
  if (bytes.length > maxBytes) {
    throw new TidelockError('ERR_TOO_LARGE', `The JSON is larger than ${maxBytes} bytes.`, {
      hint: 'Split the file.',
    });
  }
  const text = decodeUtf8(bytes);
  if (text === null) {
    throw new TidelockError('ERR_NOT_UTF8', 'The JSON is not valid UTF-8.', {
      hint: 'Save it as UTF-8, or encrypt it whole with --input-type binary.',
    });
  }
  const root = parseJsonObject(text);
  const block = sopsBlock(root, text);
  const branch = block === null ? root : { ...root, items: root.items.filter((i) => !isSops(i)) };
  const layout: JsonLayout = { root };
  return {
    format: 'json',
    branches: [branch],
    block,
    origin: { text, branches: [branch], blocks: [block], layout },
  };
}

/** The text of a Document, spliced into its origin's where it was parsed from JSON. */
export function emitJsonText(document: Document): string {
  const { origin } = document;
  if (origin === null || document.format !== 'json') return canonicalJsonText(document);
  const { root } = origin.layout as JsonLayout;
  const next = withBlock(root, document, origin.blocks[0] ?? null);
  const edits = spliceJson(root, next, jsonFileStyle(origin.text, root));
  return edits.length === 0 ? origin.text : applyEdits(origin.text, edits);
}

/**
 * The text as sops writes it (SOPS-FORMAT 4.2).
 * @throws TidelockError ERR_EMIT for values that JSON cannot hold, and for several documents
 */
export function canonicalJsonText(document: Document, options: CanonicalOptions = {}): string {
  const branch = singleBranch(document, 'json');
  const items: readonly Item[] = [...branch.items, ...sopsEntry(document.block)];
  return `${writeJson({ kind: 'map', items }, canonicalStyle(options, document.block !== null), '')}\n`;
}

function canonicalStyle({ indent = -1 }: CanonicalOptions, encrypted: boolean): JsonLayoutStyle {
  return {
    unit: indent === -1 ? '\t' : ' '.repeat(indent),
    newline: '\n',
    colon: ': ',
    afterComma: '',
    negativeZero: encrypted ? '-0.0' : '-0',
    quote: (text) => spell(text, GO_SPELLING),
  };
}

/** The new root, the sops entry at its old place, else last. */
function withBlock(root: MapNode, document: Document, oldBlock: MapNode | null): MapNode {
  const { items } = singleBranch(document, 'json');
  const { block } = document;
  if (block === null) return { kind: 'map', items };
  const old = entriesOf(root).find(isSops);
  const entry: Entry =
    old === undefined || oldBlock === null
      ? { kind: 'entry', key: 'sops', value: block }
      : { ...old, value: mergeValue(oldBlock, block) };
  const at = old === undefined ? items.length : placeOf(old, root, items);
  return { kind: 'map', items: [...items.slice(0, at), entry, ...items.slice(at)] };
}

/** Before the first of `items` that stood after the sops entry, as far as such are still there. */
function placeOf(sops: Entry, root: MapNode, items: readonly Item[]): number {
  const followers = entriesOf(root).slice(entriesOf(root).indexOf(sops) + 1);
  if (followers.length === 0) return items.length;
  const keys = new Set(followers.map((entry) => entry.key));
  const at = items.findIndex((item) => item.kind === 'entry' && keys.has(item.key));
  return at === -1 ? items.length : at;
}

function sopsBlock(root: MapNode, text: string): MapNode | null {
  const entries = entriesOf(root).filter(isSops);
  const [entry, second] = entries;
  if (entry === undefined) return null;
  if (second !== undefined)
    throw badBlock('The key "sops" stands in the file twice.', text, second);
  if (entry.value.kind !== 'map') throw badBlock('"sops" is not an object.', text, entry);
  return entry.value;
}

function badBlock(message: string, text: string, entry: Entry): TidelockError {
  return new TidelockError('ERR_METADATA', message, {
    position: positionAt(text, entry.syntax?.span.start ?? 0),
    hint: 'That key is kept for the metadata: rename yours, or restore the block from Git.',
  });
}

function sopsEntry(block: MapNode | null): Entry[] {
  return block === null ? [] : [{ kind: 'entry', key: 'sops', value: block }];
}

function isSops(item: Item): boolean {
  return item.kind === 'entry' && item.key === 'sops';
}
