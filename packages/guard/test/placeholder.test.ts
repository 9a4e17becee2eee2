import { generateKeyPairSync } from 'node:crypto';
import { sealValue } from '@tidelock/core';
import { CONTENT_RULES, check, Source } from '@tidelock/guard';
import { describe, expect, it } from 'vitest';

const place = { scope: 'strict', namespace: 'shop', name: 'database' } as const;

describe('a sealed value under a name of secrets', () => {
  it.each([2048, 3072, 4096])('is ciphertext, whatever its length, with RSA %i', (bits) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    for (const size of [0, 1, 24, 5000]) {
      const sealed = sealValue(publicKey, place, Buffer.alloc(size, 'x'));
      const text = `encryptedData:\n  password: ${sealed}\n`;
      expect(check([new Source('sealed.yaml', Buffer.from(text))], CONTENT_RULES)).toEqual([]);
    }
  });

  it('is plain text where it is cut, or says another length', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const sealed = sealValue(publicKey, place, Buffer.alloc(24, 'x'));
    for (const wrong of [sealed.slice(0, 200), `Ag${sealed.slice(2)}`]) {
      const text = `password: ${wrong}\n`;
      const found = check([new Source('sealed.yaml', Buffer.from(text))], CONTENT_RULES);
      expect(found.map(({ ruleId }) => ruleId)).toContain('plaintext/sensitive-key');
    }
  });
});
