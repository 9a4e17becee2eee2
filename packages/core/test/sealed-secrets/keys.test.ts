import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  isPrivateKeyPem,
  readRecoveryKeys,
  readSealingCertificate,
  requireValid,
} from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../../test/fakes/certificate.ts';

const DAY = 86_400;
const now = new Date();

describe('a certificate to seal with', () => {
  const made = makeCertificate();

  it('has the fingerprint of its private key', () => {
    const [key] = readRecoveryKeys(made.key);
    const certificate = readSealingCertificate(made.cert);
    expect(certificate.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(key?.fingerprint).toBe(certificate.fingerprint);
    requireValid(certificate, now);
  });

  it('is the first of several', () => {
    const other = makeCertificate();
    expect(readSealingCertificate(made.cert + other.cert).fingerprint).toBe(
      readSealingCertificate(made.cert).fingerprint,
    );
  });

  it.each([
    ['valid until', { from: -2 * DAY, until: -DAY }],
    ['valid from', { from: DAY, until: 2 * DAY }],
  ])('is refused outside of its time: %s', (says, time) => {
    const certificate = readSealingCertificate(makeCertificate([], time).cert);
    expect(() => requireValid(certificate, now)).toThrow(says);
  });

  it.each([
    ['holds a key of EC', makeCertificate([], { kind: 'ec' }).cert],
    ['holds a private key', made.key],
    ['holds a public key', `${createPublicKey(made.cert).export({ format: 'pem', type: 'spki' })}`],
    ['no certificate in PEM', 'hello\n'],
    ['no certificate in PEM', ''],
    ['is damaged', made.cert.replace(/^(.{36})..../s, '$1AAAA')],
    ['is damaged', made.cert.replace(/^(.{500})..../s, '$1AAAA')],
  ])('%s', (says, text) => {
    expect(() => readSealingCertificate(text)).toThrow(says);
    expect(() => readSealingCertificate(text)).toThrow(
      expect.objectContaining({ code: 'ERR_CERTIFICATE' }),
    );
  });
});

describe('recovery keys', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (type: 'pkcs1' | 'pkcs8') => `${privateKey.export({ format: 'pem', type })}`;

  it('are read in both forms of PEM, several of a file, certificates passed over', () => {
    const text = `${pem('pkcs1')}${makeCertificate().cert}${pem('pkcs8')}`;
    expect(isPrivateKeyPem(text)).toBe(true);
    const [one, two, ...more] = readRecoveryKeys(text);
    expect(one?.fingerprint).toBe(two?.fingerprint);
    expect(more).toEqual([]);
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each([
    ['of the kind EC', `${ec.export({ format: 'pem', type: 'pkcs8' })}`],
    [
      'has a passphrase',
      `${privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })}`,
    ],
    [
      'has a passphrase',
      `${privateKey.export({ format: 'pem', type: 'pkcs1', cipher: 'aes-256-cbc', passphrase: 'x' })}`,
    ],
    ['is cut off', pem('pkcs8').slice(0, 400)],
    ['is damaged', pem('pkcs8').replace(/^(.{36})..../s, '$1AAAA')],
    ['no private key', makeCertificate().cert],
  ])('%s is an error', (says, text) => {
    expect(() => readRecoveryKeys(text)).toThrow(says);
    expect(() => readRecoveryKeys(text)).toThrow(
      expect.objectContaining({ code: 'ERR_RECOVERY_KEY' }),
    );
  });
});
