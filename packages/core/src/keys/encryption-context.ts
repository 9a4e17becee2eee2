import { TidelockError } from '../errors.ts';

/**
 * Reads `--encryption-context`: `name:value,name2:value2` (SOPS-FORMAT 6.2). A later name replaces an
 * earlier one, as in sops.
 * @throws TidelockError ERR_KMS_CONTEXT
 */
export function parseEncryptionContext(text: string): ReadonlyMap<string, string> {
  const context = new Map<string, string>();
  if (text === '') return context;
  for (const [index, pair] of text.split(',').entries()) {
    const parts = pair.split(':');
    const [name, value] = parts;
    if (parts.length !== 2 || name === undefined || value === undefined) {
      throw new TidelockError(
        'ERR_KMS_CONTEXT',
        `Entry ${index + 1} of the KMS encryption context is not one name and one value`,
        { hint: 'Write it as name:value,name2:value2.' },
      );
    }
    context.set(name, value);
  }
  return context;
}
