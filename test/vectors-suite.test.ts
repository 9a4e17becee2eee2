import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  ageKeyService,
  type Document,
  decrypt,
  entriesOf,
  formatOf,
  fromBase64,
  isToken,
  type KeyService,
  mapOf,
  setValue,
  storeFor,
  stringLeaf,
  TidelockError,
  toBase64,
  withOwnLineComments,
} from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { testEnvironment } from './support/in-process.ts';
import { vector } from './support/program.ts';

/** All age identities of the vectors at once. */
const identities = ['age-key1.txt', 'age-key2.txt', 'age-key3.txt', 'age-pq.txt']
  .flatMap((name) => readFileSync(vector(name), 'utf8').split('\n'))
  .filter((line) => line.startsWith('AGE-'))
  .join('\n');
const services: readonly KeyService[] = [
  ageKeyService({ environment: { ...testEnvironment, env: { SOPS_AGE_KEY: identities } } }),
];

/** Files that are not opened here, each with the reason. */
const NOT_OPENED: ReadonlyMap<string, string> = new Map([
  ['ssh.enc.yaml', 'needs the SSH keys as files: opened in packages/core/test/keys'],
  ['pgp.enc.yaml', 'needs a PGP keyring: opened in packages/core/test/keys'],
]);

/** Files whose .dec file differs from our canonical bytes, each with the reason. */
const NOT_SAME_BYTES: ReadonlyMap<string, string> = new Map([
  ['types.enc.json', 'sops cannot write +Inf to JSON; its .dec file is YAML'],
  ['pq.enc.yaml', 'no .dec file was made of it'],
  ['rotate.after.enc.yaml', 'no .dec file was made of it'],
  ['set.before.enc.yaml', 'no .dec file was made of it'],
]);

const all = readdirSync(fileURLToPath(new URL('vectors', import.meta.url)));
const encrypted = all.filter((name) => name.includes('.enc.'));
const opened = encrypted.filter((name) => !NOT_OPENED.has(name));
const read = (name: string): string => readFileSync(vector(name), 'utf8');
const parse = (name: string, text: string): Document =>
  storeFor(formatOf(name)).parse(Buffer.from(text));

async function outcome(name: string, text: string): Promise<string> {
  const warnings: string[] = [];
  try {
    const { document } = await decrypt(parse(name, text), {
      services,
      onWarning: ({ code }) => warnings.push(code),
    });
    const bytes = storeFor(document.format).emit(document);
    return `opened ${warnings.join()}\n${Buffer.from(bytes).toString('latin1')}`;
  } catch (error) {
    if (error instanceof TidelockError) return error.code;
    throw error;
  }
}

describe.each(opened)('%s', (name) => {
  const text = read(name);
  const tokens = [...new Set(text.match(/ENC\[[^\]]*\]/g) ?? [])].filter(isToken);
  const mac = tokens.at(-1) ?? '';

  it('is emitted as it was read', () => {
    const document = parse(name, text);
    expect(Buffer.from(storeFor(document.format).emit(document)).toString()).toBe(text);
  });

  it.skipIf(NOT_SAME_BYTES.has(name))('decrypts to the bytes of its .dec file', async () => {
    const dec = name.replace('.sops-3.11.0', '').replace('.enc.', '.dec.');
    const result = await decrypt(parse(name, text), { services });
    const own = withOwnLineComments(result);
    const bytes = Buffer.from(storeFor(own.format).emitCanonical(own));
    expect(bytes.toString('latin1')).toBe(readFileSync(vector(dec)).toString('latin1'));
  });

  it('never opens with a flipped bit in a token or the MAC', async () => {
    for (const token of tokens.length > 8 ? [...tokens.slice(0, 7), mac] : tokens) {
      for (const field of ['data', 'iv', 'tag']) {
        const flipped = token.replace(new RegExp(`${field}:([^,]+)`), (_, base64: string) => {
          const bytes = Uint8Array.from(fromBase64(base64) ?? []);
          bytes[0] = (bytes[0] ?? 0) ^ 1;
          return `${field}:${toBase64(bytes)}`;
        });
        const result = await outcome(name, text.replaceAll(token, flipped));
        const isElement = text.includes(`- ${token}`);
        if (token.endsWith('type:comment]') && !isElement)
          expect(result).toMatch(/^opened comment-unreadable[\s\S]*ENC/);
        else expect(result).toMatch(/^ERR_(TOKEN|MAC_UNREADABLE)$/);
      }
    }
  });

  it.skipIf(name.startsWith('bin') || name.startsWith('text'))(
    'keeps every untouched byte when a value is set and set back',
    async () => {
      const { document } = await decrypt(parse(name, text), { services });
      const found = entriesOf(document.branches[0] ?? mapOf([])).find(
        ({ value }) => value.kind === 'leaf' && value.scalar.type === 'str',
      );
      if (found === undefined) return;
      let now = text;
      for (const value of [stringLeaf('changed'), found.value]) {
        const edit = { path: [found.key], value };
        const set = await setValue(parse(name, now), edit, { services, now: new Date() });
        now = Buffer.from(storeFor(document.format).emit(set.document)).toString();
        const body = (whole: string) =>
          whole.split('\n').filter((line) => !/sops|mac|lastmod|version/.test(line));
        const before = body(text);
        const after = body(now);
        expect(after.length).toBe(before.length);
        expect(after.filter((line, i) => line !== before[i]).length).toBeLessThanOrEqual(1);
      }
      expect(await outcome(name, now)).toBe(await outcome(name, text));
    },
  );

  it('opens with a damaged wrapped key only by another one, and then rightly', async () => {
    const at = text.indexOf('BEGIN AGE ENCRYPTED FILE-----') + 130;
    const damaged = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    const result = await outcome(name, damaged);
    const expected = name.startsWith('shamir')
      ? await outcome(name, text)
      : 'ERR_DATA_KEY_UNAVAILABLE';
    expect(result).toBe(expected);
  });

  it('never opens with another lastmodified', async () => {
    const changed = text.replace(/(lastmodified\W+\d{3})(\d)/, (_, head: string, digit: string) => {
      return `${head}${(Number(digit) + 1) % 10}`;
    });
    expect(changed).not.toBe(text);
    expect(await outcome(name, changed)).toBe('ERR_MAC_UNREADABLE');
  });

  it('opens alike when unused bits of base64 change', async () => {
    const changed = text.replace(/,tag:[^=,]*([AQgw])==/g, (tag) => tag.replace(/.==$/, unused));
    expect(changed).not.toBe(text);
    expect(await outcome(name, changed)).toBe(await outcome(name, text));
  });
});

/** The same bits with one of the four unused ones set. */
function unused(end: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return `${alphabet[alphabet.indexOf(end[0] ?? 'A') + 1]}==`;
}
