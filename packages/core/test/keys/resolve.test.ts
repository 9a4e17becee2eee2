import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeyGroup, MasterKey } from '../../src/document/metadata.ts';
import { TidelockError } from '../../src/errors.ts';
import { ageKeyService } from '../../src/keys/age-key-service.ts';
import { cachedKeyService } from '../../src/keys/cached.ts';
import { DataKeyError } from '../../src/keys/data-key-error.ts';
import { parseDecryptionOrder } from '../../src/keys/decryption-order.ts';
import type { KeyService } from '../../src/keys/keyservice.ts';
import { createLimiter } from '../../src/keys/limiter.ts';
import { effectiveThreshold, unwrapDataKey, wrapDataKey } from '../../src/keys/resolve.ts';
import { fakeEnvironment, knownKeys, vector, wrappedKeys } from './environment.ts';

function age(recipient: string, enc = ''): MasterKey {
  return { type: 'age', recipient, enc };
}

function kms(name: string, enc = ''): MasterKey {
  const arn = `arn:aws:kms:eu-west-1:111122223333:key/${name}`;
  return { type: 'kms', arn, role: '', context: new Map(), awsProfile: '', enc, createdAt: 'old' };
}

/** Wraps as hex behind the name; opens what is in `opens`. */
function fakeService(opens: readonly string[], journal: string[] = []): KeyService {
  return {
    types: ['age', 'kms'],
    wrap: async (key, dataKey) => `${key.type}:${Buffer.from(dataKey).toString('hex')}`,
    unwrap: async (key) => {
      const id = key.type === 'age' ? key.recipient : key.type;
      journal.push(id);
      if (!opens.includes(id)) throw new TidelockError('ERR_KEY_UNWRAP', `${id} says no`);
      return Uint8Array.from(Buffer.from(key.enc.split(':')[1] ?? '', 'hex'));
    },
  };
}

const groupsOf = (...groups: MasterKey[][]): KeyGroup[] => groups.map((keys) => ({ keys }));

describe('the data key of a file', () => {
  const dataKey = Uint8Array.from(randomBytes(32));

  it('opens the Shamir vector with any two of its three keys, not with one', async () => {
    const encs = wrappedKeys('shamir.enc.yaml');
    const groups = groupsOf(...encs.map((enc, index) => [age(`age1-${index}`, enc)]));
    const open = (...keys: number[]) => {
      const env = { SOPS_AGE_KEY: keys.map((n) => vector(`age-key${n}.txt`)).join('\n') };
      const services = [ageKeyService({ environment: fakeEnvironment({ env }) })];
      return unwrapDataKey(groups, { services, threshold: 2 });
    };
    const results = await Promise.all([open(1, 2), open(1, 3), open(2, 3), open(1, 2, 3)]);
    expect(new Set(results.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(results[0]).toHaveLength(32);
    expect(knownKeys('shamir.enc.yaml')).toHaveLength(3);
    const error = await open(2).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataKeyError);
    expect(error).toMatchObject({
      code: 'ERR_DATA_KEY_UNAVAILABLE',
      message: '1 of 3 key groups opened, 2 are needed',
    });
  });

  it('lays its report out as sops does', async () => {
    const services = [fakeService([])];
    const azure: MasterKey = {
      type: 'azure_kv',
      vaultUrl: 'https://v',
      name: 'n',
      version: '1',
      enc: '',
      createdAt: '',
    };
    const one = await unwrapDataKey(groupsOf([kms('x'), age('age1a'), azure]), {
      services,
      threshold: 0,
    }).catch((caught: unknown) => caught);
    if (!(one instanceof DataKeyError)) throw one;
    expect(one.report).toBe(
      [
        'Failed to get the data key required to decrypt the SOPS file.',
        '',
        'Group 0: FAILED',
        '  age1a: FAILED',
        '    - | age1a says no',
        '  ',
        '  arn:aws:kms:eu-west-1:111122223333:key/x: FAILED',
        '    - | kms says no',
        '  ',
        '  https://v/keys/n/1: FAILED',
        '    - | no key service for Azure Key Vault keys',
        '',
        'Recovery failed because no master key was able to decrypt the file. In',
        'order for SOPS to recover the file, at least one key has to be successful,',
        'but none were.',
      ].join('\n'),
    );
    expect(one.inFile('a.yaml')).toBeInstanceOf(DataKeyError);
    expect(one.inFile('a.yaml').path).toBe('a.yaml');
    const enc = `x:${'00'.repeat(32)}01`;
    const many = await unwrapDataKey(groupsOf([age('age1a', enc)], [age('age1b', enc)]), {
      services: [fakeService(['age1a'])],
      threshold: 2,
    }).catch((caught: unknown) => caught);
    if (!(many instanceof DataKeyError)) throw many;
    expect(many.report).toContain('\n\nGroup 0: SUCCESS\n\nGroup 1: FAILED\n  age1b: FAILED\n');
    expect(many.report).toContain(
      [
        'Recovery failed because the file was encrypted with a Shamir threshold of',
        '2, but only 1 part(s) were successfully recovered, one for each successful',
        'key group. In order for SOPS to recover the file, at least 2 groups have to',
        'be successful. In order for a group to be successful, decryption has to',
        'succeed with any of the keys in that key group.',
      ].join('\n'),
    );
  });

  it('tries keys in the decryption order and stops at the first that opens', async () => {
    const enc = `x:${Buffer.from(dataKey).toString('hex')}`;
    const groups = groupsOf([kms('x', enc), age('age1a', enc), age('age1b', enc)]);
    const run = async (order?: readonly string[]) => {
      const journal: string[] = [];
      const services = [fakeService(['kms', 'age1b'], journal)];
      await unwrapDataKey(groups, {
        services,
        threshold: 0,
        ...(order === undefined ? {} : { order }),
      });
      return journal;
    };
    expect(await run()).toEqual(['age1a', 'age1b']);
    expect(await run([])).toEqual(['kms']);
    expect(await run(['kms'])).toEqual(['kms']);
    expect(parseDecryptionOrder('')).toEqual(['age', 'pgp']);
    expect(parseDecryptionOrder('pgp,foo')).toEqual(['pgp', 'foo']);
    expect(() => parseDecryptionOrder('age,pgp,age')).toThrow(
      expect.objectContaining({ code: 'ERR_DECRYPTION_ORDER' }),
    );
  });

  it('goes on to the next service, whatever the first one throws', async () => {
    const enc = `x:${Buffer.from(dataKey).toString('hex')}`;
    const broken: KeyService = {
      ...fakeService([]),
      unwrap: async () => Promise.reject(new Error('secret text')),
    };
    const notMine: KeyService = { ...fakeService([]), unwrap: async () => null };
    const services = [broken, notMine, fakeService(['age1a'])];
    expect(await unwrapDataKey(groupsOf([age('age1a', enc)]), { services, threshold: 0 })).toEqual(
      dataKey,
    );
    const error = await unwrapDataKey(groupsOf([age('age1b', enc)]), {
      services,
      threshold: 0,
    }).catch((caught: unknown) => caught);
    expect((error as DataKeyError).report).not.toContain('secret text');
    expect((error as DataKeyError).groups[0]?.keys[0]?.reasons).toHaveLength(3);
  });

  it('refuses a data key of another length', async () => {
    const groups = groupsOf([age('age1a', 'x:0011')]);
    await expect(
      unwrapDataKey(groups, { services: [fakeService(['age1a'])], threshold: 0 }),
    ).rejects.toMatchObject({ code: 'ERR_KEY_UNWRAP' });
  });
});

describe('wrapping the data key', () => {
  const dataKey = Uint8Array.from(randomBytes(32));
  const services = [fakeService(['age1a', 'age1b', 'kms'])];

  it('gives one group the key itself and several groups shares', async () => {
    const [group] = await wrapDataKey(groupsOf([age('age1a'), kms('x')]), dataKey, {
      services,
      threshold: 5,
      createdAt: 'now',
    });
    const hex = Buffer.from(dataKey).toString('hex');
    expect(group?.keys.map((key) => key.enc)).toEqual([`age:${hex}`, `kms:${hex}`]);
    expect(group?.keys[1]).toMatchObject({ createdAt: 'now' });
    const groups = await wrapDataKey(
      groupsOf([age('age1a')], [age('age1b')], [kms('x')]),
      dataKey,
      { services, threshold: 2 },
    );
    expect(groups[2]?.keys[0]).toMatchObject({ createdAt: 'old' });
    expect(await unwrapDataKey(groups.slice(1), { services, threshold: 2 })).toEqual(dataKey);
    expect(effectiveThreshold(3, 0)).toBe(3);
    expect(effectiveThreshold(1, 0)).toBe(0);
  });

  it('refuses thresholds that do not fit and empty groups', async () => {
    const two = groupsOf([age('age1a')], [age('age1b')]);
    for (const threshold of [1, 3]) {
      await expect(wrapDataKey(two, dataKey, { services, threshold })).rejects.toMatchObject({
        code: 'ERR_SHAMIR',
      });
    }
    for (const groups of [[], groupsOf([]), groupsOf([age('age1a')], [])]) {
      await expect(wrapDataKey(groups, dataKey, { services, threshold: 0 })).rejects.toMatchObject({
        code: 'ERR_NO_KEYS',
      });
    }
  });

  it('names every key that cannot be wrapped for', async () => {
    const environment = fakeEnvironment();
    const failing = wrapDataKey(groupsOf([age('age1bad'), kms('x')]), dataKey, {
      services: [ageKeyService({ environment })],
      threshold: 0,
    });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_KEY_WRAP' });
    await expect(failing).rejects.toThrow(
      /Could not generate data key: \[.*"age1bad".*no key service for AWS KMS keys\]/,
    );
  });
});

describe('asking as little as possible', () => {
  it('asks once for a wrapped key, and hands out copies', async () => {
    const journal: string[] = [];
    const cached = cachedKeyService(fakeService(['age1a'], journal));
    const key = age('age1a', 'x:0102');
    const [first, second] = await Promise.all([cached.unwrap(key), cached.unwrap(key)]);
    first?.fill(0);
    expect(second).toEqual(Uint8Array.of(1, 2));
    expect(await cached.unwrap(key)).toEqual(Uint8Array.of(1, 2));
    expect(journal).toHaveLength(1);
    await expect(cached.unwrap(age('age1b', 'x:0102'))).rejects.toThrow('age1b says no');
    await expect(cached.unwrap(age('age1b', 'x:0102'))).rejects.toThrow('age1b says no');
    expect(journal).toHaveLength(3);
    cached.clear();
    await cached.unwrap(key);
    expect(journal).toHaveLength(4);
  });

  it('runs no more at once than it may', async () => {
    const limiter = createLimiter(3);
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
    };
    await Promise.allSettled([
      ...Array.from({ length: 20 }, () => limiter(task)),
      limiter(async () => Promise.reject(new Error('x'))),
    ]);
    expect(most).toBe(3);
  });
});
