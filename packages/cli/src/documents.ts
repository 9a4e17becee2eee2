import { type Document, plainBinary, storeFor, TidelockError } from '@tidelock/core';
import { ExitCodeError } from './exit-codes.ts';
import type { Input } from './files/input.ts';

const COULD_NOT_READ = 2;
/** Errors of a plain input that keep their own exit code. */
const OWN_EXIT_CODE = new Set([
  'ERR_EMPTY_DOCUMENT',
  'ERR_NON_STRING_KEY',
  'ERR_ALREADY_ENCRYPTED',
]);

/** The Document of a plain file. @throws ExitCodeError 2 for what does not parse, with the file's name */
export function plainDocument(input: Input): Document {
  try {
    if (input.inputFormat === 'binary') return plainBinary(input.bytes);
    return storeFor(input.inputFormat).parse(input.bytes);
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    const named = error.inFile(input.label);
    const keepsCode =
      OWN_EXIT_CODE.has(error.code) ||
      (error.code === 'ERR_NUMBER_RANGE' && input.inputFormat === 'yaml');
    if (error.code === 'ERR_NUMBER_RANGE' && keepsCode) throw new ExitCodeError(23, named);
    throw keepsCode ? named : new ExitCodeError(COULD_NOT_READ, named);
  }
}

/** The Document of an encrypted file; what does not parse there is exit 1. */
export function encryptedDocument(input: Input): Document {
  return inFile(input.label, () => storeFor(input.inputFormat).parse(input.bytes));
}

/** Runs `work` and says which file an error is about. */
export function inFile<T>(label: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof TidelockError ? error.inFile(label) : error;
  }
}

/** The same for work that takes time. */
export async function inFileAsync<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof TidelockError ? error.inFile(label) : error;
  }
}
