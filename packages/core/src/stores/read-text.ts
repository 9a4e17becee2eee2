import { decodeUtf8 } from '../bytes.ts';
import { TidelockError } from '../errors.ts';

/** Bytes of a dotenv or INI file beyond which it is refused. */
const MAX_LINES_BYTES = 32 * 1024 * 1024;
/** Keys, comments and sections in one file: beyond it the tree would not fit into an ordinary heap. */
export const MAX_LINES_ITEMS = 500_000;

/** The text of a file of lines. @throws TidelockError ERR_TOO_LARGE, ERR_NOT_UTF8 */
export function readText(bytes: Uint8Array): string {
  if (bytes.length > MAX_LINES_BYTES) throw tooLarge(`${MAX_LINES_BYTES} bytes`);
  const text = decodeUtf8(bytes);
  if (text !== null) return text;
  throw new TidelockError('ERR_NOT_UTF8', 'The file is not valid UTF-8.', {
    hint: 'Save it as UTF-8, or encrypt it whole with --input-type binary.',
  });
}

export function tooLarge(limit: string): TidelockError {
  return new TidelockError('ERR_TOO_LARGE', `The file holds more than ${limit}.`, {
    hint: 'Split the file, or encrypt it whole with --input-type binary.',
  });
}
