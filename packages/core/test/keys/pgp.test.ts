import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PgpKey } from '../../src/document/metadata.ts';
import { pgpKeyService } from '../../src/keys/pgp-key-service.ts';
import { dearmorPgp, readPgpPackets } from '../../src/keys/pgp-packets.ts';
import { readPgpPublicKeys } from '../../src/keys/pgp-public-keys.ts';
import { readPgpRecipients } from '../../src/keys/pgp-recipients.ts';
import { fakeEnvironment, vector, wrappedKeys } from './environment.ts';

const FINGERPRINT = 'C1BDD1DCBC595AB19E4C1C9A5996A9ED366DDE0F';
const SUBKEY_ID = '4EA79328D4A08591';
const SECRET = vector('pgp-secret-test.asc');
const NO_GPG = { SOPS_GPG_EXEC: '/nonexistent/gpg' };

function pgpKey(enc: string, fingerprint = FINGERPRINT): PgpKey {
  return { type: 'pgp', fingerprint, enc, createdAt: '' };
}

async function publicKeyring(): Promise<{ binary: Uint8Array; armored: string }> {
  const { readKey } = await import('openpgp');
  const key = (await readKey({ armoredKey: SECRET })).toPublic();
  return { binary: key.write(), armored: key.armor() };
}

describe('PGP by openpgp', () => {
  const dataKey = Uint8Array.from(randomBytes(32));

  it('opens the message that gpg made for sops, with a given secret key', async () => {
    const [enc = ''] = wrappedKeys('pgp.enc.yaml');
    const environment = fakeEnvironment({ env: NO_GPG });
    const opened = await pgpKeyService({ environment, armoredKeys: [SECRET] }).unwrap(pgpKey(enc));
    expect(opened).toHaveLength(32);
  });

  it('goes there and back by the keyring files of an old home', async () => {
    const { binary } = await publicKeyring();
    const secring = dearmorPgp(SECRET, 'PRIVATE KEY BLOCK') ?? new Uint8Array(0);
    const files = { '/gnupg/pubring.gpg': binary, '/gnupg/secring.gpg': secring };
    const environment = fakeEnvironment({ env: { ...NO_GPG, GNUPGHOME: '/gnupg' }, files });
    const service = pgpKeyService({ environment });
    const enc = await service.wrap(pgpKey(''), dataKey);
    expect(enc).toBe(enc.trim());
    expect(readPgpRecipients(enc)).toEqual({ keyIds: [SUBKEY_ID], passphrases: 0 });
    expect(Uint8Array.from((await service.unwrap(pgpKey(enc))) ?? [])).toEqual(dataKey);
    await expect(
      service.wrap(pgpKey('', FINGERPRINT.toLowerCase()), dataKey),
    ).rejects.toMatchObject({
      code: 'ERR_KEY_WRAP',
    });
  });

  it('says why when neither key nor gpg is there', async () => {
    const service = pgpKeyService({ environment: fakeEnvironment({ env: NO_GPG }) });
    await expect(service.unwrap(pgpKey('x'))).rejects.toMatchObject({
      code: 'ERR_KEY_UNWRAP',
      message: 'gpg could not decrypt: it could not be started',
    });
  });

  it('asks for the passphrase of a given key, and only then', async () => {
    const { encryptKey, readPrivateKey } = await import('openpgp');
    const privateKey = await readPrivateKey({ armoredKey: SECRET });
    const passphrase = randomBytes(12).toString('hex');
    const armored = (await encryptKey({ privateKey, passphrase })).armor();
    const [enc = ''] = wrappedKeys('pgp.enc.yaml');
    const environment = fakeEnvironment({ env: NO_GPG });
    const open = (answer: string | null) =>
      pgpKeyService({ environment, armoredKeys: [armored], readPassphrase: async () => answer });
    expect(await open(passphrase).unwrap(pgpKey(enc))).toHaveLength(32);
    await expect(open('wrong').unwrap(pgpKey(enc))).rejects.toThrow('another passphrase');
    await expect(open(null).unwrap(pgpKey(enc))).rejects.toThrow('protected by a passphrase');
  });

  it('never hands anything but a fingerprint to gpg', async () => {
    const seen: (readonly string[])[] = [];
    const environment = {
      ...fakeEnvironment(),
      run: async (_program: string, args: readonly string[]) => {
        seen.push(args);
        return { status: 0, stdout: Buffer.from('message\n'), stderr: '' };
      },
    };
    const service = pgpKeyService({ environment });
    for (const bad of ['--output=/x', 'a@b.example', '', 'ABCDEFG1', `${FINGERPRINT}00`]) {
      await expect(service.wrap(pgpKey('', bad), dataKey)).rejects.toMatchObject({
        code: 'ERR_KEY_SPEC',
      });
    }
    expect(seen).toEqual([]);
    expect(await service.wrap(pgpKey('', `${FINGERPRINT}!`), dataKey)).toBe('message');
    expect(seen).toEqual([
      [
        '--no-default-recipient',
        '--yes',
        '--encrypt',
        '-a',
        '-r',
        `${FINGERPRINT}!`,
        '--trusted-key',
        '5996A9ED366DDE0F!',
        '--no-encrypt-to',
      ],
    ]);
  });

  it('gives an error, never another key, for a flipped bit', async () => {
    const [enc = ''] = wrappedKeys('pgp.enc.yaml');
    const bytes = dearmorPgp(enc, 'MESSAGE') ?? new Uint8Array(0);
    const service = pgpKeyService({
      environment: fakeEnvironment({ env: NO_GPG }),
      armoredKeys: [SECRET],
    });
    for (let at = 0; at < bytes.length; at += 29) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      const body = Buffer.from(flipped)
        .toString('base64')
        .replace(/(.{64})/g, '$1\n');
      const armored = `-----BEGIN PGP MESSAGE-----\n\n${body}\n-----END PGP MESSAGE-----`;
      await expect(service.unwrap(pgpKey(armored))).rejects.toMatchObject({
        code: 'ERR_KEY_UNWRAP',
      });
    }
  });
});

describe('reading PGP packets by hand', () => {
  it('finds the readers of a message and the ids of a key', async () => {
    const [enc = ''] = wrappedKeys('pgp.enc.yaml');
    expect(readPgpRecipients(enc)).toEqual({ keyIds: [SUBKEY_ID], passphrases: 0 });
    const { binary, armored } = await publicKeyring();
    const expected = [{ fingerprint: FINGERPRINT, keyIds: [FINGERPRINT.slice(-16), SUBKEY_ID] }];
    expect(readPgpPublicKeys(binary)).toEqual(expected);
    expect(readPgpPublicKeys(armored)).toEqual(expected);
    expect(readPgpPublicKeys(SECRET)).toBeNull();
  });

  it('never crashes on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const packets = readPgpPackets(bytes) ?? [];
        expect(packets.reduce((sum, packet) => sum + packet.body.length, 0)).toBeLessThanOrEqual(
          200,
        );
        readPgpPublicKeys(bytes);
        dearmorPgp(Buffer.from(bytes).toString('latin1'), 'MESSAGE');
      }),
      { numRuns: 500 },
    );
  });
});
