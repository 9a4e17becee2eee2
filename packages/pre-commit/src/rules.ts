import type { Rule } from '@tidelock/guard';
import type { CoveredBy } from './coverage.ts';

/** The rules the hook judges by. Empty means that the hook refuses to say anything is clean. */
export const HOOK_RULES: readonly Rule[] = [];

export const coveredByCreationRule: CoveredBy = () => null;
