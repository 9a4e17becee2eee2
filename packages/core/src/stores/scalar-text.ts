import { decodeUtf8 } from '../bytes.ts';
import type { Scalar } from '../document/document.ts';
import { floatDotenv } from '../document/float.ts';
import { TidelockError } from '../errors.ts';

/**
 * The text of a `str` scalar for a text format.
 * @throws TidelockError ERR_EMIT for bytes that are not UTF-8 (sops replaces them in JSON: a loss)
 */
export function textOf(value: string | Uint8Array): string {
  if (typeof value === 'string') return value;
  const text = decodeUtf8(value);
  if (text !== null) return text;
  throw new TidelockError('ERR_EMIT', 'A value is not valid UTF-8 text.', {
    hint: 'Write the document as YAML, which can hold binary values.',
  });
}

/** A scalar in a format that knows strings only: dotenv and INI (SOPS-FORMAT 4.4). */
export function scalarText(scalar: Scalar): string {
  switch (scalar.type) {
    case 'str':
      return textOf(scalar.value);
    case 'int':
      return scalar.value.toString();
    case 'float':
      return floatDotenv(scalar.value);
    case 'bool':
      return scalar.value ? 'true' : 'false';
    case 'time':
      return scalar.value;
    case 'null':
      return '<nil>';
  }
}
