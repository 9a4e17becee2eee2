/** Runs tasks, at most so many at once; the others wait their turn in order. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** @param limit at least 1. Share one among many files to bound them all together. */
export function createLimiter(limit: number): Limiter {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, Math.floor(limit));
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
