import { spawnSync } from 'node:child_process';

/** Milliseconds of one run of a command; throws when it fails, so that a fast failure is no result. */
export function timeCommand([program, ...args], options = {}) {
  const started = process.hrtime.bigint();
  const result = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
    ...options,
  });
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  const accepted = options.accepted ?? [0];
  if (result.error) throw result.error;
  if (!accepted.includes(result.status)) {
    throw new Error(
      `${program} ${args.slice(0, 3).join(' ')}: exit ${result.status}\n${result.stderr}`,
    );
  }
  return milliseconds;
}

export function median(numbers) {
  const ordered = [...numbers].sort((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? Number.NaN;
}

/**
 * Runs the contenders in turn, so that a noisy moment hits all of them.
 * @param {Record<string, () => number>} contenders each gives milliseconds
 * @returns {Record<string, number>} medians
 */
export function compare(contenders, rounds) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) times[name].push(run());
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}
