import { TidelockError } from '@tidelock/core';
import type { Access } from '../plan/plan.ts';

/** A file that must not be rewritten; the run goes on without it. */
export function refuse(message: string, hint: string): TidelockError {
  return new TidelockError('ERR_VERIFY', message, { hint });
}

/** A new file that is not what was planned. */
export function wrong(what: string): TidelockError {
  return refuse(
    `the new file was not proved: ${what}`,
    'The file was left as it is. Look at what stands around its values; if nothing is odd there, report the format, not the values.',
  );
}

/** Whether the same keys open a file, group by group, and the same of it is encrypted. */
export function sameAccess(a: Access, b: Access): boolean {
  return accessText(a) === accessText(b);
}

function accessText({ keyGroups, threshold, selection, macOnlyEncrypted }: Access): string {
  const groups = keyGroups.map((keys) => keys.map(({ type, id }) => `${type} ${id}`).sort());
  const rule = selection === null ? null : [selection.rule, selection.value];
  return JSON.stringify([groups, threshold, rule, macOnlyEncrypted]);
}
