import { generateKey, reformatKey, revokeKey } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { readPgpKeyState } from '../../src/keys/pgp-key-state.ts';
import { fakeEnvironment } from './environment.ts';

const DAY = 24 * 60 * 60;
const created = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-02-01T00:00:00Z');
const user = { userIDs: [{ name: 'test' }], date: created };

/** State of the key in a keyring that holds it alone. */
async function stateOf(key: { write(): unknown; getFingerprint(): string }, at = now) {
  const binary = key.write();
  if (!(binary instanceof Uint8Array)) throw new TypeError('not binary');
  const environment = fakeEnvironment({
    env: { GNUPGHOME: '/gnupg', SOPS_GPG_EXEC: '/nonexistent/gpg' },
    files: { '/gnupg/pubring.gpg': binary },
  });
  const fingerprint = key.getFingerprint().toUpperCase();
  return readPgpKeyState(fingerprint, { environment, now: at });
}

describe('the state of a PGP key', () => {
  it('says what is encrypted to, and when that ends', async () => {
    const { publicKey } = await generateKey({
      ...user,
      format: 'object',
      subkeys: [{ keyExpirationTime: 60 * DAY }],
    });
    const [subkey] = publicKey.getSubkeys();
    expect(await stateOf(publicKey)).toEqual({
      isRevoked: false,
      expires: new Date(created.getTime() + 60 * DAY * 1000),
      keyIds: [publicKey, subkey].map((part) => part?.getKeyID().toHex().toUpperCase()),
      encryptsTo: subkey?.getKeyID().toHex().toUpperCase(),
    });
    const later = await stateOf(publicKey, new Date('2026-06-01T00:00:00Z'));
    expect(later?.encryptsTo).toBeNull();
  });

  it('knows a key that never ends, and one that does', async () => {
    const { publicKey, privateKey } = await generateKey({ ...user, format: 'object' });
    expect((await stateOf(publicKey))?.expires).toBeNull();
    const shorter = await reformatKey({
      ...user,
      privateKey,
      keyExpirationTime: 40 * DAY,
      format: 'object',
    });
    const end = (await stateOf(shorter.publicKey))?.expires;
    expect(end).toEqual(new Date(created.getTime() + 40 * DAY * 1000));
  });

  it('sees that its owner revoked it', async () => {
    const { privateKey } = await generateKey({ ...user, format: 'object' });
    const { publicKey } = await revokeKey({ key: privateKey, date: created, format: 'object' });
    expect((await stateOf(publicKey))?.isRevoked).toBe(true);
  });

  it('is unknown without the key', async () => {
    const environment = fakeEnvironment({ env: { SOPS_GPG_EXEC: '/nonexistent/gpg' } });
    for (const fingerprint of ['A'.repeat(40), '--version', ''])
      expect(await readPgpKeyState(fingerprint, { environment, now })).toBeNull();
  });
});
