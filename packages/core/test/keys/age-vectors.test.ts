import { describe, expect, it } from 'vitest';
import type { AgeKey } from '../../src/document/metadata.ts';
import { armorAge, dearmorAge } from '../../src/keys/age-armor.ts';
import { ageKeyService } from '../../src/keys/age-key-service.ts';
import { fakeEnvironment, knownKeys, vector, wrappedKeys } from './environment.ts';

function ageKey(enc: string, recipient = 'age1'): AgeKey {
  return { type: 'age', recipient, enc };
}

function hex(bytes: Uint8Array | null): string {
  return Buffer.from(bytes ?? []).toString('hex');
}

function serviceFor(identity: string) {
  const env = identity.startsWith('ssh')
    ? { SOPS_AGE_SSH_PRIVATE_KEY_FILE: '/key' }
    : { SOPS_AGE_KEY_FILE: '/key' };
  return ageKeyService({
    environment: fakeEnvironment({ env, files: { '/key': vector(identity) } }),
  });
}

describe('keys that the real sops wrapped', () => {
  for (const name of ['simple.enc.json', 'ssh.enc.yaml', 'pq.enc.yaml', 'shamir.enc.yaml']) {
    it(`opens every key of ${name}`, async () => {
      const opened: string[] = [];
      const known = knownKeys(name);
      for (const enc of wrappedKeys(name)) {
        for (const identity of new Set(known.map((key) => key.identity))) {
          const unwrapped = await serviceFor(identity)
            .unwrap(ageKey(enc))
            .catch(() => null);
          if (unwrapped !== null) opened.push(hex(unwrapped));
        }
      }
      expect(opened.sort()).toEqual(known.map((key) => key.hex).sort());
    });
  }

  it('writes the armor of the vectors byte for byte', () => {
    const encs = ['simple.enc.json', 'ssh.enc.yaml', 'pq.enc.yaml'].flatMap(wrappedKeys);
    expect(encs.length).toBe(4);
    for (const enc of encs) expect(armorAge(dearmorAge(enc) ?? new Uint8Array(0))).toBe(enc);
  });

  it('gives an error, never another key, for any flipped bit', async () => {
    const [enc = ''] = wrappedKeys('simple.enc.json');
    const [known] = knownKeys('simple.enc.json');
    const bytes = dearmorAge(enc) ?? new Uint8Array(0);
    const service = serviceFor('age-key1.txt');
    expect(hex(await service.unwrap(ageKey(enc)))).toBe(known?.hex);
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(service.unwrap(ageKey(armorAge(flipped)))).rejects.toMatchObject({
        code: 'ERR_KEY_UNWRAP',
      });
    }
  });
});
