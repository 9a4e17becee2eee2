import { CONTENT_RULES, type Rule } from '@tidelock/guard';

/**
 * The rules the hook judges by: all that need no policy. What could not be looked into is the hook's
 * own to say, since it also knows the files that Git does not hand out.
 */
export const HOOK_RULES: readonly Rule[] = CONTENT_RULES.filter(
  ({ id }) => id !== 'examined/not-examined',
);
