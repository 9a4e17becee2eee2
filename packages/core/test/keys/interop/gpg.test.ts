import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../../../../../test/support/program.ts';
import type { PgpKey } from '../../../src/document/metadata.ts';
import { checkLabel } from '../../../src/keys/label.ts';
import { pgpKeyService } from '../../../src/keys/pgp-key-service.ts';
import { fakeEnvironment, VECTORS, vector, wrappedKeys } from '../environment.ts';

const FINGERPRINT = 'C1BDD1DCBC595AB19E4C1C9A5996A9ED366DDE0F';
const SUBKEY_ID = '4EA79328D4A08591';

describe.skipIf(!peer('gpg'))('gpg', () => {
  const home = mkdtempSync(join(tmpdir(), 'tl-gpg-'));
  const dataKey = Uint8Array.from(randomBytes(32));
  const env = { PATH: process.env.PATH ?? '', GNUPGHOME: home };
  const withGpg = pgpKeyService({ environment: fakeEnvironment({ env }) });
  const withoutGpg = pgpKeyService({
    environment: fakeEnvironment({ env: { SOPS_GPG_EXEC: '/nonexistent' } }),
    armoredKeys: [vector('pgp-secret-test.asc')],
  });
  const key = (enc: string, fingerprint = FINGERPRINT): PgpKey => ({
    type: 'pgp',
    fingerprint,
    enc,
    createdAt: '',
  });

  beforeAll(() => {
    const file = fileURLToPath(new URL('pgp-secret-test.asc', VECTORS));
    execFileSync('gpg', ['--batch', '--import', file], { env, stdio: 'ignore' });
  });

  afterAll(() => {
    execFileSync('gpgconf', ['--kill', 'all'], { env, stdio: 'ignore' });
    rmSync(home, { recursive: true, force: true });
  });

  it('opens the vector, and agrees with openpgp about it', async () => {
    const [enc = ''] = wrappedKeys('pgp.enc.yaml');
    const opened = await withGpg.unwrap(key(enc));
    expect(opened).toHaveLength(32);
    expect(
      Buffer.from(opened ?? []).equals((await withoutGpg.unwrap(key(enc))) ?? new Uint8Array(0)),
    ).toBe(true);
  });

  it('and openpgp open what the other wrapped', async () => {
    for (const [wraps, opens] of [
      [withGpg, withoutGpg],
      [withoutGpg, withGpg],
    ] as const) {
      const enc = await wraps.wrap(key(''), dataKey);
      expect(enc).toBe(enc.trim());
      expect(Uint8Array.from((await opens.unwrap(key(enc))) ?? [])).toEqual(dataKey);
      const pgpKeyIds = () => [FINGERPRINT.slice(-16), SUBKEY_ID];
      expect(checkLabel(key(enc), { pgpKeyIds }).ok).toBe(true);
    }
  });

  it('takes short ids and forced subkeys', async () => {
    for (const fingerprint of [
      FINGERPRINT.slice(-16),
      FINGERPRINT.toLowerCase(),
      `${SUBKEY_ID}!`,
    ]) {
      for (const service of [withGpg, withoutGpg]) {
        const enc = await service.wrap(key('', fingerprint), dataKey);
        expect(Uint8Array.from((await withGpg.unwrap(key(enc))) ?? [])).toEqual(dataKey);
      }
    }
  });

  it('says what is missing', async () => {
    await expect(withGpg.wrap(key('', 'A'.repeat(40)), dataKey)).rejects.toMatchObject({
      code: 'ERR_KEY_WRAP',
      message: expect.stringContaining('gpg could not encrypt: gpg: '),
    });
    await expect(withGpg.unwrap(key('nothing'))).rejects.toMatchObject({
      code: 'ERR_KEY_UNWRAP',
      message: expect.stringContaining('no valid OpenPGP data found'),
    });
  });
});
