import { KmsFailure } from './failure.ts';

/** One policy for every call to a key service. Times in milliseconds. */
export interface RetryPolicy {
  /** Calls at most, the first one included. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** One call at most. */
  readonly callMs: number;
  /** All calls and waits together at most. */
  readonly totalMs: number;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 5,
  firstDelayMs: 200,
  maxDelayMs: 5_000,
  callMs: 10_000,
  totalMs: 30_000,
  now: () => performance.now(),
  random: Math.random,
  sleep: async (ms, signal) => {
    const { setTimeout: wait } = await import('node:timers/promises');
    await wait(ms, undefined, { signal });
  },
};

const NEVER = new AbortController().signal;

/**
 * Calls until it succeeds, fails for good, or time is up: throttling, 5xx and cut connections are
 * tried again after a delay that doubles, with jitter, and is never shorter than the server asked.
 * @throws KmsFailure the last one; or one that says it was cancelled
 */
export async function withRetry<T>(
  policy: RetryPolicy,
  call: (signal: AbortSignal) => Promise<T>,
  cancel: AbortSignal = NEVER,
): Promise<T> {
  const deadline = policy.now() + policy.totalMs;
  for (let attempt = 1; ; attempt++) {
    if (cancel.aborted) throw cancelled();
    const left = Math.max(1, Math.min(policy.callMs, deadline - policy.now()));
    try {
      return await call(AbortSignal.any([cancel, AbortSignal.timeout(Math.ceil(left))]));
    } catch (error) {
      if (cancel.aborted) throw cancelled();
      if (!(error instanceof KmsFailure) || !error.transient) throw error;
      const delay = delayOf(policy, attempt, error);
      const isLast = attempt >= policy.attempts || policy.now() + delay >= deadline;
      if (isLast) throw attempt === 1 ? error : afterAttempts(error, attempt);
      await policy.sleep(delay, cancel).catch(() => undefined);
    }
  }
}

function delayOf(policy: RetryPolicy, attempt: number, failure: KmsFailure): number {
  const doubled = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  return Math.max(doubled * (0.5 + policy.random() / 2), failure.retryAfterMs ?? 0);
}

function cancelled(): KmsFailure {
  return new KmsFailure('cancelled', 'Run it again; nothing was changed.');
}

function afterAttempts(failure: KmsFailure, attempts: number): KmsFailure {
  return new KmsFailure(`${failure.message} (${attempts} attempts)`, failure.hint, {});
}
