import { zero } from '../bytes.ts';
import type { Document } from '../document/document.ts';
import type { Metadata } from '../document/metadata.ts';
import { type DecryptOptions, decrypt } from './decrypt.ts';

/**
 * Opens a document for nothing but the proof that every token opens and the MAC is right.
 * @throws as `decrypt`
 */
export async function verify(
  document: Document,
  options: Omit<DecryptOptions, 'ignoreMac'>,
): Promise<Metadata> {
  const opened = await decrypt(document, { ...options, ignoreMac: false, readOnly: true });
  zero(opened.dataKey);
  return opened.metadata;
}
