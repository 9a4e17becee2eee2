import { storeFor, TidelockError } from '@tidelock/core';
import { filesOf, type PlannedFile } from '../plan/plan.ts';
import { proveForm } from '../rewrite/prove-form.ts';
import type { Rewritten } from '../rewrite/rewritten.ts';
import type { Results } from './results.ts';

/**
 * Looks at files that another process rewrote, without a key: what is not the planned file in its new
 * form is left out. @param readBase the file's bytes at the plan's base
 */
export async function checkResults(
  { plan, files }: Results,
  readBase: (path: string) => Promise<Uint8Array | null>,
): Promise<Results> {
  const checked = new Map<string, Rewritten>();
  for (const file of filesOf(plan)) {
    const result = files.get(file.path);
    if (result === undefined) continue;
    const reason =
      result.kind === 'left-out' ? null : problemOf(file, await readBase(file.path), result.bytes);
    checked.set(file.path, reason === null ? result : { kind: 'left-out', reason });
  }
  return { plan, files: checked };
}

/** Whether the bytes are the planned file in its new form, as far as that shows without a key. */
export function isPlannedForm(
  file: PlannedFile,
  { before, after }: { readonly before: Uint8Array; readonly after: Uint8Array },
): boolean {
  return problemOf(file, before, after) === null;
}

function problemOf(file: PlannedFile, before: Uint8Array | null, after: Uint8Array): string | null {
  if (before === null) return 'it is not at the commit of the plan';
  const store = storeFor(file.format);
  try {
    proveForm({ before: store.parse(before), after: store.parse(after), file });
    return null;
  } catch (error) {
    return error instanceof TidelockError ? error.message : 'the new file cannot be read';
  }
}
