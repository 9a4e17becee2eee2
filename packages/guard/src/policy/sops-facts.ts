import type { Metadata } from '@tidelock/core';
import { type SopsView, sopsViewsOf } from '../sops-view.ts';
import type { Source } from '../source.ts';

const MARK = Buffer.from('sops');
/** A file of which a part is shown in its text, as in documentation, is no sops file. */
const isWhole = (view: SopsView) => view.offset === 0;

/** The file as one whole sops file; null when it is none. Looks at bytes before it decodes. */
export function wholeView(source: Source): SopsView | null {
  return source.derive(findView);
}

function findView(source: Source): SopsView | null {
  if (source.mode === '120000' || source.mode === '160000') return null;
  if (
    !Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.length).includes(MARK)
  )
    return null;
  return sopsViewsOf(source).find(isWhole) ?? null;
}

/** The metadata of a sops file; null for a plain file and for one that cannot be read. */
export function metadataOf(source: Source): Metadata | null {
  return wholeView(source)?.metadata ?? null;
}
