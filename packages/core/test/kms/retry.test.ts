import { describe, expect, it } from 'vitest';
import { KmsFailure } from '../../src/kms/failure.ts';
import { DEFAULT_RETRY, type RetryPolicy, withRetry } from '../../src/kms/retry.ts';

function clock(more: Partial<RetryPolicy> = {}) {
  let now = 0;
  const waits: number[] = [];
  const policy: RetryPolicy = {
    ...DEFAULT_RETRY,
    now: () => now,
    random: () => 1,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    ...more,
  };
  return { policy, waits };
}

const busy = (afterMs?: number) =>
  new KmsFailure('busy', 'wait', afterMs === undefined ? {} : { afterMs });

describe('withRetry', () => {
  it('waits twice as long each time, up to a limit', async () => {
    const { policy, waits } = clock({ attempts: 8 });
    await expect(withRetry(policy, () => Promise.reject(busy()))).rejects.toThrow(
      'busy (8 attempts)',
    );
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it('waits at least as long as the server asks', async () => {
    const { policy, waits } = clock({ attempts: 2 });
    await expect(withRetry(policy, () => Promise.reject(busy(3_000)))).rejects.toThrow('busy');
    expect(waits).toEqual([3_000]);
  });

  it('stays within its total time', async () => {
    const { policy, waits } = clock({ attempts: 100 });
    await expect(withRetry(policy, () => Promise.reject(busy(20_000)))).rejects.toThrow(
      '2 attempts',
    );
    expect(waits).toEqual([20_000]);
  });

  it('does not repeat what cannot succeed', async () => {
    const { policy, waits } = clock();
    const denied = () => Promise.reject(new KmsFailure('denied', 'ask'));
    await expect(withRetry(policy, denied)).rejects.toThrow('denied');
    await expect(withRetry(policy, () => Promise.reject(new TypeError('bug')))).rejects.toThrow(
      'bug',
    );
    expect(waits).toEqual([]);
  });

  it('begins nothing once it is cancelled', async () => {
    const { policy } = clock();
    let calls = 0;
    const call = async () => ++calls;
    await expect(withRetry(policy, call, AbortSignal.abort())).rejects.toThrow('cancelled');
    expect(calls).toBe(0);
  });
});
