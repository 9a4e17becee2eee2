import { DataKeyError, TidelockError } from '@tidelock/core';
import { keyText } from '@tidelock/guard';
import type { PlannedFile } from '../plan/plan.ts';
import { masterKeyOf } from '../plan/planned-key.ts';

const MOST_KEYS = 5;

/** Why a file is left out, in words that hold no value. */
export function leftOutReason(error: unknown, file: PlannedFile): string {
  if (error instanceof DataKeyError) return keysTried(error, file);
  // What is not our own error may say anything: only its name is repeated.
  if (!(error instanceof TidelockError))
    return `something unexpected went wrong (${error instanceof Error ? error.name : 'no error'})`;
  return error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
}

function keysTried({ groups }: DataKeyError, { before }: PlannedFile): string {
  const shown = new Map(
    before.keyGroups.flat().map((planned) => [planned.id, keyText(masterKeyOf(planned))]),
  );
  const tried = groups
    .flatMap(({ keys }) => keys)
    .map(({ id, reasons }) => `${shown.get(id) ?? 'a key'}: ${reasons.join(', ')}`);
  const more = tried.length > MOST_KEYS ? `; and ${tried.length - MOST_KEYS} more` : '';
  return `no key at hand opens it (${tried.slice(0, MOST_KEYS).join('; ')}${more})`;
}
