import { spawnSync } from 'node:child_process';

/** Longer than any run here takes on a slow machine: a program that hangs ends its own figure alone. */
const LONGEST_RUN_MS = 90_000;

/** Milliseconds of one run of a command; throws when it fails, so that a fast failure is no result. */
export function timeCommand([program, ...args], { accepted = [0], ...options } = {}) {
  const started = process.hrtime.bigint();
  const result = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
    timeout: LONGEST_RUN_MS,
    ...options,
  });
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.error?.code === 'ENOENT')
    throw new Error(`${program} is not installed (npm run bench:peers)`);
  if (result.error) throw result.error;
  if (!accepted.includes(result.status)) {
    const words = [program, ...args.slice(0, 3)].join(' ');
    throw new Error(`${words}: exit ${result.status}: ${String(result.stderr).slice(0, 300)}`);
  }
  return milliseconds;
}

function median(numbers) {
  const ordered = [...numbers].sort((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? Number.NaN;
}

/**
 * Runs the contenders in turn, so that a noisy moment hits all of them, until all rounds are done or
 * the time for them is over; one round always is.
 * @param {Record<string, () => number>} contenders each gives milliseconds
 * @param {{ rounds: number, seconds?: number }} effort
 * @returns {Record<string, number | Error>} medians; the error of who failed, and is not run again
 */
export function compare(contenders, { rounds, seconds = 30 }) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  const errors = {};
  const end = performance.now() + seconds * 1000;
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++) {
    for (const [name, run] of Object.entries(contenders)) {
      if (errors[name] !== undefined) continue;
      try {
        times[name].push(run());
      } catch (error) {
        errors[name] = error;
      }
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, list]) => [name, errors[name] ?? median(list)]),
  );
}
