import { type MasterKey, type MasterKeyType, parseKey } from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { canonicalKey, mayBeSame } from '../../src/policy/canonical-key.ts';
import { compareGroups } from '../../src/policy/compare-groups.ts';

const key = (type: MasterKeyType, text: string): MasterKey =>
  parseKey(type, text, { createdAt: '' });
const AGE = 'age1nld4jchnfdg4y0yfhh2ezck8vegr9uv2qh8quhgnnt7ejzg3a59selcl4m';
const FINGERPRINT = '85D77543B3D624B63CEA9E6DBC17301B491B3F21';
const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/4f6cd2a5-2f2c-4fd4-a3a5-9a9d7c1f7c11';

describe('canonicalKey', () => {
  it.each<[MasterKeyType, string, string]>([
    ['pgp', FINGERPRINT, FINGERPRINT.toLowerCase()],
    ['pgp', FINGERPRINT, `${FINGERPRINT}!`],
    ['kms', ARN, ARN.replace('4f6cd2a5', '4F6CD2A5')],
    [
      'hc_vault',
      'https://vault.example.com/v1/transit/keys/k',
      'https://VAULT.example.com:443/v1/transit/keys/k',
    ],
  ])('takes two spellings of one %s key for one', (type, a, b) => {
    expect(canonicalKey(key(type, a))).toBe(canonicalKey(key(type, b)));
  });

  it('keeps a role apart: the same key opened by another way', () => {
    const withRole = key('kms', `${ARN}+arn:aws:iam::123456789012:role/x`);
    expect(canonicalKey(withRole)).not.toBe(canonicalKey(key('kms', ARN)));
  });
});

describe('mayBeSame', () => {
  const alias = key('kms', 'arn:aws:kms:eu-west-1:123456789012:alias/prod');
  it('cannot tell an alias from a key id of the same account and region', () => {
    expect(mayBeSame(alias, key('kms', ARN))).toBe(true);
    expect(mayBeSame(alias, key('kms', ARN.replace('eu-west-1', 'eu-west-2')))).toBe(false);
    expect(mayBeSame(alias, key('kms', ARN.replace('123456789012', '210987654321')))).toBe(false);
  });

  it('cannot tell a long key id from a fingerprint that ends in it', () => {
    expect(
      mayBeSame(key('pgp', FINGERPRINT), {
        ...key('pgp', FINGERPRINT),
        fingerprint: FINGERPRINT.slice(-16),
      } as MasterKey),
    ).toBe(true);
  });
});

describe('compareGroups', () => {
  const [a, b, c] = [key('age', AGE), key('pgp', FINGERPRINT), key('kms', ARN)];
  const group = (...keys: MasterKey[]) => ({ keys });

  it('does not mind the order of groups and keys', () => {
    const compared = compareGroups([group(b), group(c, a)], [group(a, c), group(b)]);
    expect(compared).toEqual({ missing: [], extra: [], undecidable: [], sameGrouping: true });
  });

  it('sees a key in another group', () => {
    expect(compareGroups([group(a), group(b, c)], [group(a, b), group(c)]).sameGrouping).toBe(
      false,
    );
  });

  it('says what is missing, too many and undecidable', () => {
    const alias = key('kms', 'arn:aws:kms:eu-west-1:123456789012:alias/prod');
    const compared = compareGroups([group(a, alias)], [group(b, c)]);
    expect(compared.missing).toEqual([b]);
    expect(compared.extra).toEqual([a]);
    expect(compared.undecidable).toEqual([{ wanted: c, have: alias }]);
  });
});
