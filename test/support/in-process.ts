import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  ageKeyService,
  type Document,
  decrypt,
  type EncryptOptions,
  type Environment,
  encrypt,
  type Format,
  type KeyService,
  parseKeyList,
  plainBinary,
  storeFor,
} from '@tidelock/core';
import { vector } from './program.ts';
import { RECIPIENT_1 } from './recipients.ts';

/** An environment that holds the identity of test/vectors/age-key1.txt and nothing else. */
export const testEnvironment: Environment = {
  env: {
    SOPS_AGE_KEY:
      readFileSync(vector('age-key1.txt'), 'utf8')
        .split('\n')
        .find((line) => line.startsWith('AGE-')) ?? '',
  },
  platform: 'linux',
  homeDir: '/nonexistent',
  cwd: '/nonexistent',
  readFile: async () => null,
  run: () => Promise.reject(new Error('nothing is run here')),
};

export const testServices: readonly KeyService[] = [
  ageKeyService({ environment: testEnvironment }),
];
export const testNow = new Date('2026-01-02T03:04:05Z');

export const parse = (format: Format, text: string | Uint8Array): Document =>
  storeFor(format).parse(Buffer.from(text));
export const emit = (document: Document): string =>
  Buffer.from(storeFor(document.format).emit(document)).toString('utf8');

export async function encryptText(
  format: Format,
  text: string | Uint8Array,
  options: Partial<EncryptOptions> = {},
): Promise<string> {
  const plain = format === 'binary' ? plainBinary(Buffer.from(text)) : parse(format, text);
  const document = await encrypt(plain, {
    keyGroups: [{ keys: parseKeyList('age', RECIPIENT_1, { createdAt: '' }) }],
    selection: null,
    macOnlyEncrypted: false,
    shamirThreshold: 0,
    services: testServices,
    now: testNow,
    randomBytes,
    ...options,
  });
  return emit(document);
}

export async function decryptText(format: Format, text: string | Uint8Array): Promise<string> {
  const { document } = await decrypt(parse(format, text), { services: testServices });
  return emit(document);
}
