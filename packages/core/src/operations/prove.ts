import type { Format } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import type { RecordedKeys } from '../keys/recording.ts';
import { storeFor } from '../stores/store-for.ts';
import { verify } from './verify.ts';

const TOO_MUCH: ReadonlySet<string> = new Set(['ERR_TOO_LARGE', 'ERR_TOO_DEEP']);

/**
 * Reads the bytes of a file that was just made as anybody will read them, opens every value and
 * checks the MAC, with the data key of the run that made it. Called before the file replaces another.
 * @throws TidelockError ERR_TOO_LARGE, ERR_TOO_DEEP: the input was within the limits, the new file is
 *   not; ERR_VERIFY: the file is wrong and must not be written
 */
export async function proveEncrypted(
  bytes: Uint8Array,
  format: Format,
  keys: RecordedKeys,
): Promise<void> {
  try {
    await verify(storeFor(format).parse(bytes), { services: [keys.memory] });
  } catch (error) {
    if (error instanceof TidelockError && TOO_MUCH.has(error.code)) throw tooMuch(error);
    const reason = error instanceof TidelockError ? error.message : 'it cannot be read back';
    throw new TidelockError(
      'ERR_VERIFY',
      `the new file does not open again (${reason}); nothing was written`,
      {
        hint: 'This is a mistake of tidelock: please report the format and what stands around the value, not the value.',
        cause: error,
      },
    );
  }
}

function tooMuch(error: TidelockError): TidelockError {
  return new TidelockError(
    error.code,
    `encrypted, the file could not be read again (${error.message}); nothing was written`,
    { hint: 'Split the file, or encrypt it whole with --input-type binary.', cause: error },
  );
}
