import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MasterKeyType } from '../../src/document/metadata.ts';
import { masterKeyId } from '../../src/document/metadata.ts';
import { TidelockError } from '../../src/errors.ts';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import { parseEncryptionContext } from '../../src/keys/encryption-context.ts';
import { MASTER_KEY_TYPES } from '../../src/keys/key-kinds.ts';
import { awsRegion, checkKey, parseKey, parseKeyList } from '../../src/keys/key-spec.ts';
import { splitShellWords } from '../../src/keys/shell-words.ts';
import { vector } from './environment.ts';

const options = { createdAt: '2026-01-01T00:00:00Z' };
const age1 = /public key: (\S+)/.exec(vector('age-key1.txt'))?.[1] ?? '';
const pq = /public key: (\S+)/.exec(vector('age-pq.txt'))?.[1] ?? '';
const plugin = encodeBech32('age1yubikey', new Uint8Array(33));
const fp = 'C1BDD1DCBC595AB19E4C1C9A5996A9ED366DDE0F';
const arn = 'arn:aws:kms:eu-west-1:123456789012:key/07d1c6ec-9788-4578-9bc6-81c0beb2a55a';

const GOOD: Record<MasterKeyType, readonly string[]> = {
  age: [age1, pq, plugin, vector('ssh_ed25519.pub').trim(), vector('ssh_rsa.pub').trim()],
  pgp: [fp, `${fp}!`, '366DDE0F', '5996a9ed366dde0f'],
  kms: [
    arn,
    'arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/a/b',
    `${arn}+arn:aws:iam::1:role/r`,
  ],
  gcp_kms: ['projects/p/locations/global/keyRings/r/cryptoKeys/k'],
  azure_kv: ['https://v.vault.azure.net/keys/n/abc'],
  hc_vault: ['https://vault.example:8200/v1/transit/keys/k', 'http://127.0.0.1/v1/a/b/keys/k'],
  hckms: ['cn-north-1:07d1c6ec-9788-4578-9bc6-81c0beb2a55a'],
};

const BAD: Record<MasterKeyType, readonly string[]> = {
  age: [
    age1.slice(0, -1),
    `${age1.slice(0, -1)}q`,
    age1.toUpperCase(),
    encodeBech32('age1a.b', new Uint8Array(3)),
    'ssh-dss AAAA',
    'ssh-ed25519 AAAA',
    encodeBech32('age', new Uint8Array(31)),
  ],
  pgp: ['a@b.example', 'ABC', `${fp}0`, '--output', '!'],
  kms: ['arn:aws:s3:::bucket', 'arn:aws:kms:eu-west-1:x:key/y', `${arn}+role`, 'alias/x'],
  gcp_kms: [
    'projects/p/locations/l/keyRings/r',
    'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1',
  ],
  azure_kv: [
    'http://v/keys/n',
    'https://v/secrets/n',
    'https://v/keys/n/v/w',
    'https://u@v/keys/n',
  ],
  hc_vault: [
    'vault.example/v1/transit/keys/k',
    'https://v/x/v1/a/b/c',
    'https://v/x/v1/a/keys/c',
    'https://v/v1/keys/k',
    'https://u:p@v/v1/t/keys/k',
    'https://v/v1/t/../sys/keys/k',
  ],
  hckms: ['uuid', ':uuid', 'region:'],
};

describe('naming master keys', () => {
  for (const type of MASTER_KEY_TYPES) {
    it(`reads ${type} and refuses what is not`, () => {
      for (const text of GOOD[type]) {
        const key = parseKey(type, ` ${text} `, options);
        expect(masterKeyId(key)).toBe(text);
        expect(key.enc).toBe('');
        expect(() => checkKey(key)).not.toThrow();
      }
      for (const text of ['', ...BAD[type], 'x'.repeat(50_000)]) {
        expect(() => parseKey(type, text, options), text).toThrow(
          expect.objectContaining({
            code: 'ERR_KEY_SPEC',
            hint: expect.stringContaining('Expected'),
          }),
        );
      }
      expect(parseKeyList(type, GOOD[type].join(', '), options)).toHaveLength(GOOD[type].length);
      expect(parseKeyList(type, '', options)).toEqual([]);
      expect(() => parseKeyList(type, `${GOOD[type][0]},`, options)).toThrow(
        'Entry 2 of the list is empty',
      );
    });
  }

  it('splits what belongs to AWS and takes context and profile', () => {
    const context = parseEncryptionContext('a:b,c:d');
    const key = parseKey('kms', `${arn} + arn:aws:iam::1:role/r`, {
      ...options,
      context,
      awsProfile: 'p',
    });
    expect(key).toMatchObject({
      arn,
      role: 'arn:aws:iam::1:role/r',
      awsProfile: 'p',
      createdAt: options.createdAt,
    });
    expect(masterKeyId(key)).toBe(`${arn}+arn:aws:iam::1:role/r|a:b,c:d|p`);
    expect(awsRegion(arn)).toBe('eu-west-1');
    for (const bad of ['a', 'a:b:c', 'a:b,', ',']) {
      expect(() => parseEncryptionContext(bad)).toThrow(
        expect.objectContaining({ code: 'ERR_KMS_CONTEXT' }),
      );
    }
  });

  it('reads an Azure key without a version', () => {
    expect(parseKey('azure_kv', 'https://v/keys/n', options)).toMatchObject({ version: '' });
    expect(parseKey('hc_vault', 'https://v/v1/a/b/keys/k', options)).toMatchObject({
      enginePath: 'a/b',
      vaultAddress: 'https://v',
    });
  });

  it('never repeats a secret given by mistake', () => {
    const secret = /AGE-SECRET-KEY-\S+/.exec(vector('age-key1.txt'))?.[0] ?? '';
    for (const type of MASTER_KEY_TYPES) {
      try {
        parseKeyList(type, secret, options);
        expect.unreachable();
      } catch (error) {
        if (!(error instanceof TidelockError)) throw error;
        expect(`${error.message} ${error.hint}`).not.toContain(secret.slice(20));
        expect(error.message).toContain('secret key');
      }
    }
  });

  it('never fails otherwise on any text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MASTER_KEY_TYPES), fc.string(), (type, text) => {
        try {
          parseKeyList(type, text, options);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_KEY_SPEC' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('splitting a command without a shell', () => {
  it('honours quotes and backslashes and expands nothing', () => {
    expect(splitShellWords(`a 'b c' "d \\" $e" f\\ g '' # no`)).toEqual([
      'a',
      'b c',
      'd " $e',
      'f g',
      '',
    ]);
    expect(splitShellWords('op read op://x/y#z')).toEqual(['op', 'read', 'op://x/y#z']);
    for (const bad of ['', '   ', `a 'b`, 'a "b', 'a \\', '# only'])
      expect(splitShellWords(bad)).toBeNull();
  });
});
