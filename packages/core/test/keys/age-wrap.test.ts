import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armorAge, dearmorAge } from '../../src/keys/age-armor.ts';
import { sealAgeFile } from '../../src/keys/age-file.ts';
import { parseAgeFile } from '../../src/keys/age-format.ts';
import { ageKeyService } from '../../src/keys/age-key-service.ts';
import { parseAgeRecipient } from '../../src/keys/age-recipient.ts';
import { wrapForX25519 } from '../../src/keys/age-x25519.ts';
import { decodeBech32, encodeBech32 } from '../../src/keys/bech32.ts';
import { fakeEnvironment, vector } from './environment.ts';

const recipient1 = /public key: (\S+)/.exec(vector('age-key1.txt'))?.[1] ?? '';

function service(env: Record<string, string>, files: Record<string, string> = {}) {
  return ageKeyService({ environment: fakeEnvironment({ env, files }) });
}

describe('wrapping with age', () => {
  const dataKey = Uint8Array.from(randomBytes(32));

  it('makes files that typage opens, and opens what it makes', async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const ours = await service({}).wrap({ type: 'age', recipient, enc: '' }, dataKey);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(await decrypter.decrypt(dearmorAge(ours) ?? new Uint8Array(0))).toEqual(dataKey);

    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    const theirs = armorAge(await encrypter.encrypt(dataKey));
    const opened = await service({ SOPS_AGE_KEY: identity }).unwrap({
      type: 'age',
      recipient,
      enc: theirs,
    });
    expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
  });

  it('goes there and back for post-quantum recipients, with one stanza', async () => {
    const identity = await generateHybridIdentity();
    const recipient = await identityToRecipient(identity);
    const enc = await service({}).wrap({ type: 'age', recipient, enc: '' }, dataKey);
    expect(parseAgeFile(dearmorAge(enc) ?? new Uint8Array(0)).header.stanzas).toHaveLength(1);
    const opened = await service({ SOPS_AGE_KEY: identity }).unwrap({
      type: 'age',
      recipient,
      enc,
    });
    expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
    await expect(
      service({ SOPS_AGE_KEY: await generateHybridIdentity() }).unwrap({
        type: 'age',
        recipient,
        enc,
      }),
    ).rejects.toMatchObject({ code: 'ERR_KEY_UNWRAP' });
  });

  for (const name of ['ssh_ed25519', 'ssh_rsa']) {
    it(`goes there and back for ${name}`, async () => {
      const recipient = vector(`${name}.pub`).trim();
      const enc = await service({}).wrap({ type: 'age', recipient, enc: '' }, dataKey);
      const opened = await service(
        { SOPS_AGE_SSH_PRIVATE_KEY_FILE: '/k' },
        { '/k': vector(name) },
      ).unwrap({ type: 'age', recipient, enc });
      expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
    });
  }

  it('refuses small rsa keys and points of low order', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const jwk = publicKey.export({ format: 'jwk' });
    const field = (bytes: Uint8Array): Uint8Array => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    };
    const wire = [
      Buffer.from('ssh-rsa'),
      Buffer.from(jwk.e ?? '', 'base64url'),
      Buffer.concat([Buffer.of(0), Buffer.from(jwk.n ?? '', 'base64url')]),
    ];
    const small = `ssh-rsa ${Buffer.concat(wire.map(field)).toString('base64')}`;
    await expect(
      service({}).wrap({ type: 'age', recipient: small, enc: '' }, dataKey),
    ).rejects.toMatchObject({ code: 'ERR_KEY_WRAP' });
    const zero = encodeBech32('age', new Uint8Array(32));
    await expect(
      service({}).wrap({ type: 'age', recipient: zero, enc: '' }, dataKey),
    ).rejects.toMatchObject({ code: 'ERR_KEY_WRAP' });
  });

  it('opens a file with two stanzas with either key', async () => {
    const identities = [await generateX25519Identity(), await generateX25519Identity()];
    const fileKey = randomBytes(16);
    const stanzas = await Promise.all(
      identities.map(async (identity) => {
        const parsed = parseAgeRecipient(await identityToRecipient(identity));
        if (parsed?.kind !== 'x25519') throw new Error('not x25519');
        return wrapForX25519(parsed.publicKey, fileKey);
      }),
    );
    const enc = armorAge(sealAgeFile(dataKey, { stanzas, fileKey, randomBytes }));
    for (const identity of identities) {
      const opened = await service({ SOPS_AGE_KEY: identity }).unwrap({
        type: 'age',
        recipient: recipient1,
        enc,
      });
      expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
    }
  });
});

describe('age files and bech32 of any content', () => {
  it('never crashes on arbitrary bytes or text', () => {
    const start = Buffer.from('age-encryption.org/v1\n-> X25519 ');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const input of [bytes, Buffer.concat([start, bytes])]) {
          try {
            parseAgeFile(input);
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_KEY_UNWRAP' });
          }
        }
        dearmorAge(Buffer.from(bytes).toString('latin1'));
        decodeBech32(Buffer.from(bytes).toString('latin1'));
      }),
      { numRuns: 300 },
    );
  });

  it('bech32 goes there and back, and one changed letter is noticed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(), (data, at) => {
        const text = encodeBech32('age', data);
        expect(Uint8Array.from(decodeBech32(text)?.data ?? [1])).toEqual(data);
        const position = 4 + (at % (text.length - 4));
        const other = text.charAt(position) === 'q' ? 'p' : 'q';
        expect(decodeBech32(text.slice(0, position) + other + text.slice(position + 1))).toBeNull();
      }),
      { numRuns: 300 },
    );
  });
});
