import { createHash } from 'node:crypto';
import type { PlannedFile, PlannedGroup } from './plan.ts';

/**
 * What a person decided about when they looked at a request: which files, why, who opens them
 * afterwards and what of them is encrypted. No clock, age, blob or commit; no names and no order.
 */
function essence({ path, reasons, after }: PlannedFile): unknown {
  const { keyGroups, threshold, selection, macOnlyEncrypted } = after;
  return [
    path,
    reasons.map(({ kind, text }) => [kind, text]),
    keyGroups.map((keys) => keys.map(({ type, id }) => `${type} ${id}`).sort()),
    threshold,
    selection === null ? null : [selection.rule, selection.value],
    macOnlyEncrypted,
  ];
}

/** @param files by path */
export function digestOfFiles(id: string, files: readonly PlannedFile[]): string {
  return hash(['tidelock-rotate group 1', id, files.map(essence)]);
}

/** @param groups by id */
export function digestOfGroups(groups: readonly PlannedGroup[]): string {
  return hash(['tidelock-rotate plan 1', groups.map(({ id, digest }) => [id, digest])]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** A few characters that tell names apart which look alike. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
