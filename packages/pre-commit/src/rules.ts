import type { Rule } from '@tidelock/guard';
import { unencryptedFile } from './creation-rules.ts';

/** The rules the hook judges by. Empty means that the hook refuses to say anything is clean. */
export const HOOK_RULES: readonly Rule[] = [unencryptedFile];
