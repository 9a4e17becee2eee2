/** What a ratio has to be. */
export const atMost = (limit) => ({ text: `<= ${limit}`, holds: (ratio) => ratio <= limit });
export const below = (limit) => ({ text: `< ${limit}`, holds: (ratio) => ratio < limit });
/** Told and not judged. */
export const TOLD = { text: '-', holds: () => true };

/**
 * One line of the table: ours beside a peer's. Where either is an error, the line says so and counts
 * as not reached.
 * @param {string} work
 * @param {number | Error} ours
 * @param {{ against: string, peer: number | Error, goal: object, unit?: string, note?: string }} other
 */
export function figure(work, ours, { against, peer, goal, unit = 'ms', note = '' }) {
  const failed = [ours, peer].find((value) => value instanceof Error);
  const line = { work, against, unit, note, goal: goal.text };
  if (failed !== undefined) return { ...line, ...notMeasured(failed) };
  const ratio = ours / peer;
  return { ...line, ours, peer, ratio, reached: goal.holds(ratio), failed: null };
}

/** A line for a group that ended before its figures were told. */
export function unfinished(group, error) {
  return { work: group, against: '', unit: '', note: '', goal: '', ...notMeasured(error) };
}

const notMeasured = (error) => ({
  ours: null,
  peer: null,
  ratio: null,
  reached: false,
  failed: error.message.split('\n')[0],
});
