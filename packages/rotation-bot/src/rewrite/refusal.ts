import { TidelockError } from '@tidelock/core';
import type { Access } from '../plan/plan.ts';

/** A file that must not be rewritten; the run goes on without it. */
export function refuse(message: string, hint: string): TidelockError {
  return new TidelockError('ERR_VERIFY', message, { hint });
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
