import { randomBytes } from 'node:crypto';
import {
  ageKeyService,
  decrypt,
  type Environment,
  encrypt,
  type Format,
  formatOf,
  generateAgeIdentity,
  type KeyGroup,
  type KeyService,
  parseKeyList,
  plainBinary,
  storeFor,
} from '@tidelock/core';

export interface Encryption {
  /** Numbers of keys, by group. */
  readonly groups: readonly (readonly string[])[];
  readonly regex: string | null;
  readonly as: string | null;
  /** JSON without a blank. */
  readonly compact: boolean;
  /** The sops block of the first document alone is kept. */
  readonly oneBlock: boolean;
  /** Bytes of comments behind it. */
  readonly pad: number;
}

const identities = [generateAgeIdentity(), generateAgeIdentity()];
export const RECIPIENTS = identities.map(({ recipient }) => recipient);

/** How the files of examples are encrypted: with which keys, by which services. */
export interface Keys {
  readonly services: readonly KeyService[];
  groupsOf(numbers: readonly (readonly string[])[]): readonly KeyGroup[];
}

export const emptyEnvironment: Environment = {
  env: {},
  platform: 'linux',
  homeDir: '/nonexistent',
  cwd: '/nonexistent',
  readFile: async () => null,
  run: () => Promise.reject(new Error('nothing is run here')),
};

/** age, with the identities behind the given numbers at hand. */
export function ageKeys(held: readonly number[] = [1, 2]): Keys {
  const env = {
    SOPS_AGE_KEY: held.map((number) => identities[number - 1]?.identity ?? '').join('\n'),
  };
  return {
    services: [ageKeyService({ environment: { ...emptyEnvironment, env } })],
    groupsOf: (numbers) =>
      numbers.map((group) => ({
        keys: group.flatMap((number) => {
          const list = /^\d$/.test(number) ? (RECIPIENTS[Number(number) - 1] ?? '') : number;
          return parseKeyList('age', list, { createdAt: '' });
        }),
      })),
  };
}

export function encryptExample(path: string, text: string, how: Encryption): Promise<Buffer> {
  return encryptWith(ageKeys(), path, text, how);
}

export async function encryptWith(
  { services, groupsOf }: Keys,
  path: string,
  text: string,
  how: Encryption,
): Promise<Buffer> {
  const format = (how.as ?? formatOf(path)) as Format;
  const plain =
    format === 'binary'
      ? plainBinary(Buffer.from(text))
      : storeFor(format).parse(Buffer.from(text));
  const document = await encrypt(plain, {
    keyGroups: groupsOf(how.groups),
    selection: how.regex === null ? null : { rule: 'encrypted_regex', value: how.regex },
    macOnlyEncrypted: false,
    shamirThreshold: how.groups.length > 1 ? how.groups.length : 0,
    services,
    now: new Date('2026-01-02T03:04:05Z'),
    randomBytes,
  });
  const out = Buffer.from(storeFor(format).emit(document)).toString('utf8');
  const shaped = how.compact ? JSON.stringify(JSON.parse(out)) : out;
  const whole = how.oneBlock ? withOneBlock(shaped) : shaped;
  return Buffer.from(whole + `\n#${'-'.repeat(1022)}`.repeat(Math.ceil(how.pad / 1024)));
}

function withOneBlock(text: string): string {
  const [first = '', ...rest] = text.split('\n---\n');
  return [first, ...rest.map((part) => part.replace(/\nsops:\n[\s\S]*$/, '\n'))].join('\n---\n');
}

/** Opens a file in one format and writes it in another, as sops does; the MAC aside. */
export async function decryptAs(
  { services }: Keys,
  bytes: Uint8Array,
  formats: { readonly from: Format; readonly to: Format },
): Promise<Buffer> {
  const { document } = await decrypt(storeFor(formats.from).parse(bytes), {
    services,
    ignoreMac: true,
  });
  const store = storeFor(formats.to);
  return Buffer.from(
    formats.from === formats.to ? store.emit(document) : store.emitCanonical(document),
  );
}
