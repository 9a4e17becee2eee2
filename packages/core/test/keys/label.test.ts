import { randomBytes } from 'node:crypto';
import { createMessage, encrypt, generateKey, readKey } from 'openpgp';
import { describe, expect, it } from 'vitest';
import type { MasterKey, PgpKey } from '../../src/document/metadata.ts';
import { armorAge } from '../../src/keys/age-armor.ts';
import { sealAgeFile } from '../../src/keys/age-file.ts';
import type { AgeStanza } from '../../src/keys/age-format.ts';
import { parseAgeRecipient } from '../../src/keys/age-recipient.ts';
import { wrapForSsh } from '../../src/keys/age-ssh.ts';
import { wrapForX25519 } from '../../src/keys/age-x25519.ts';
import { checkLabel } from '../../src/keys/label.ts';
import { vector, wrappedKeys } from './environment.ts';

const fileKey = randomBytes(16);
const recipients = ['1', '2'].map(
  (n) => /public key: (\S+)/.exec(vector(`age-key${n}.txt`))?.[1] ?? '',
);
const sshRecipient = vector('ssh_ed25519.pub').trim();
const rsaRecipient = vector('ssh_rsa.pub').trim();

function x25519(recipient: string): AgeStanza {
  const parsed = parseAgeRecipient(recipient);
  if (parsed?.kind !== 'x25519') throw new Error('not x25519');
  return wrapForX25519(parsed.publicKey, fileKey);
}

function ssh(recipient: string): AgeStanza {
  const parsed = parseAgeRecipient(recipient);
  if (parsed?.kind !== 'ssh') throw new Error('not ssh');
  return wrapForSsh(parsed.key, fileKey);
}

function age(recipient: string, stanzas: readonly AgeStanza[]): MasterKey {
  const enc = armorAge(sealAgeFile(randomBytes(32), { stanzas, fileKey, randomBytes }));
  return { type: 'age', recipient, enc };
}

describe('labels of age keys', () => {
  const [one = '', two = ''] = recipients;

  it('has nothing against what the real sops wrote', () => {
    const check = (recipient: string, enc = '') => checkLabel({ type: 'age', recipient, enc }).ok;
    expect(check(one, wrappedKeys('simple.enc.json')[0])).toBe('unproven');
    expect(check(sshRecipient, wrappedKeys('ssh.enc.yaml')[0])).toBe(true);
    expect(check(rsaRecipient, wrappedKeys('ssh.enc.yaml')[1])).toBe(true);
    const pq = /public key: (\S+)/.exec(vector('age-pq.txt'))?.[1] ?? '';
    expect(check(pq, wrappedKeys('pq.enc.yaml')[0])).toBe('unproven');
  });

  it('finds a second reader, another kind and another ssh key', () => {
    expect(checkLabel(age(one, [x25519(one), x25519(two)]))).toEqual({
      ok: false,
      reason: 'is addressed to 2 recipients and names one',
    });
    expect(
      checkLabel(age(one, [x25519(one), { args: ['a-grease', 'x'], body: randomBytes(5) }])).ok,
    ).toBe(false);
    expect(checkLabel(age(one, [ssh(sshRecipient)])).ok).toBe(false);
    expect(checkLabel(age(sshRecipient, [x25519(one)])).ok).toBe(false);
    expect(checkLabel(age(rsaRecipient, [ssh(sshRecipient)])).ok).toBe(false);
    const [type = '', , share = ''] = ssh(sshRecipient).args;
    const other: AgeStanza = { args: [type, 'AAAAAA', share], body: randomBytes(32) };
    expect(checkLabel(age(sshRecipient, [other]))).toEqual({
      ok: false,
      reason: 'is addressed to another ssh key',
    });
    expect(checkLabel({ type: 'age', recipient: one, enc: 'no' }).ok).toBe(false);
    expect(checkLabel(age('age1nonsense', [x25519(one)])).ok).toBe(false);
  });
});

describe('labels of PGP keys', () => {
  const fingerprint = 'C1BDD1DCBC595AB19E4C1C9A5996A9ED366DDE0F';
  const pgp = (enc: string, fp = fingerprint): PgpKey => ({
    type: 'pgp',
    fingerprint: fp,
    enc,
    createdAt: '',
  });
  const known = { pgpKeyIds: () => ['5996A9ED366DDE0F', '4EA79328D4A08591'] };

  it('knows a subkey when the public key is at hand', () => {
    const [enc = ''] = wrappedKeys('pgp.enc.yaml');
    expect(checkLabel(pgp(enc)).ok).toBe('unproven');
    expect(checkLabel(pgp(enc), known).ok).toBe(true);
    expect(checkLabel(pgp(enc, 'AAAA4EA79328D4A08591!')).ok).toBe(true);
    expect(checkLabel(pgp(enc), { pgpKeyIds: () => ['5996A9ED366DDE0F'] }).ok).toBe(false);
  });

  it('finds second readers, hidden readers, passphrases and plain messages', async () => {
    const mine = (await readKey({ armoredKey: vector('pgp-secret-test.asc') })).toPublic();
    const other = await generateKey({ userIDs: [{ name: 'x' }], format: 'object' });
    const message = await createMessage({ binary: randomBytes(32) });
    const make = (options: object) =>
      encrypt({ message, encryptionKeys: [mine], format: 'armored', ...options });
    expect(checkLabel(pgp(await make({})), known).ok).toBe(true);
    const two = await make({ encryptionKeys: [mine, other.publicKey] });
    expect(checkLabel(pgp(two), known).ok).toBe(false);
    expect(checkLabel(pgp(two)).ok).toBe(false);
    expect(checkLabel(pgp(await make({ wildcard: true })), known).ok).toBe(false);
    expect(checkLabel(pgp(await make({ passwords: ['p'] })), known).ok).toBe(false);
    expect(checkLabel(pgp(message.armor()), known).ok).toBe(false);
    expect(checkLabel(pgp(`${two}\n${two}`), known).ok).toBe(false);
    expect(checkLabel(pgp(''), known).ok).toBe(false);
  });
});

describe('labels of cloud keys', () => {
  const id = '07d1c6ec-9788-4578-9bc6-81c0beb2a55a';
  const aws = (enc: string, key = id): MasterKey => ({
    type: 'kms',
    arn: `arn:aws:kms:us-east-1:123456789012:key/${key}`,
    role: '',
    context: new Map(),
    awsProfile: '',
    enc,
    createdAt: '',
  });

  it('reads the key that an emulated AWS blob names', () => {
    const enc = /enc: (MDdk\S+)/.exec(vector('kms.sample.yaml'))?.[1] ?? '';
    expect(checkLabel(aws(enc)).ok).toBe(true);
    expect(checkLabel(aws(enc, id.replace('0', '1'))).ok).toBe(false);
    expect(checkLabel(aws(randomBytes(180).toString('base64'))).ok).toBe('unproven');
    expect(checkLabel(aws('***')).ok).toBe(false);
  });

  it('knows a Vault ciphertext by its prefix', () => {
    const vault = (enc: string): MasterKey => ({
      type: 'hc_vault',
      vaultAddress: 'https://vault.example',
      enginePath: 'transit',
      keyName: 'k',
      enc,
      createdAt: '',
    });
    expect(checkLabel(vault('vault:v12:AAAA')).ok).toBe('unproven');
    expect(checkLabel(vault('AAAA')).ok).toBe(false);
    expect(checkLabel(vault('vault:vx:AAAA')).ok).toBe(false);
  });
});
