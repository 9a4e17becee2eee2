import {
  type Document,
  type Format,
  type MapNode,
  type Metadata,
  readMetadata,
  storeFor,
  TidelockError,
} from '@tidelock/core';
import type { Source } from './source.ts';
import { isSourceCode } from './source-code.ts';
import { sectionsOf } from './structure/sections.ts';

/** A sops file, or the part of a Markdown file that is one, as the core reads it. */
export interface SopsView {
  readonly format: Format;
  /** Offset of the parsed text in the source's. */
  readonly offset: number;
  /** null when it cannot be read; `error` says why. */
  readonly document: Document | null;
  readonly block: MapNode | null;
  readonly metadata: Metadata | null;
  readonly error: TidelockError | null;
}

/** Every part of the source that carries a sops block, whatever the name of the file. */
export function sopsViewsOf(source: Source): readonly SopsView[] {
  return source.derive(findViews);
}

function findViews(source: Source): readonly SopsView[] {
  const text = source.text;
  if (text === null || !text.includes('sops')) return [];
  return sectionsOf(source).flatMap(({ start, end }) => {
    const part = text.slice(start, end);
    const format = formatOfBlock(part);
    if (format === null) return [];
    const view = viewOf(part, start, format);
    return view.error !== null && view.document === null && isSourceCode(source.path) ? [] : [view];
  });
}

/** The format in which this text carries the entries of a sops block. */
function formatOfBlock(text: string): Format | null {
  if (/^sops_(?:mac|lastmodified|version)[ \t]{0,4}=/m.test(text)) return 'dotenv';
  if (/^\[sops\][ \t]*\r?$/m.test(text)) return 'ini';
  if (!/^[ \t{,-]*["']?sops["']?[ \t\r\n]{0,8}:/m.test(text) && !/[{,]\s*"sops"\s*:/.test(text))
    return null;
  if (!TYPICAL.test(text)) return null;
  return /^\s*\{/.test(text) ? 'json' : 'yaml';
}

/** Of a sops block, and of nothing else that is called `sops`. */
const TYPICAL =
  /["']?(?:mac|lastmodified|unencrypted_suffix|encrypted_regex|encrypted_suffix|unencrypted_regex)["']?[ \t]{0,8}:/;

function viewOf(text: string, offset: number, format: Format): SopsView {
  const base = { format, offset, document: null, block: null, metadata: null };
  try {
    const document = storeFor(format).parse(Buffer.from(text, 'utf8'));
    const block = document.block ?? document.origin?.blocks.find((one) => one !== null) ?? null;
    return { ...base, document, block, ...readBlock(block) };
  } catch (error) {
    if (error instanceof TidelockError) return { ...base, error };
    throw error;
  }
}

function readBlock(block: MapNode | null): Pick<SopsView, 'metadata' | 'error'> {
  if (block === null) return { metadata: null, error: null };
  try {
    return { metadata: readMetadata(block), error: null };
  } catch (error) {
    if (error instanceof TidelockError) return { metadata: null, error };
    throw error;
  }
}
