import { say } from '../mask.ts';
import { sopsLeavesOf } from '../sops-leaves.ts';
import { tokenFault } from '../token-check.ts';
import type { FileRule } from '../types.ts';

/** Tokens that no sops has written, or that were damaged since. */
export const brokenToken: FileRule = {
  id: 'broken/token',
  severity: 'error',
  title: 'A damaged or made-up token in a sops file',
  docs: {
    why: 'The value cannot be decrypted, or is plain text dressed up as a token.',
    fix: 'Restore it from the history (git log -p FILE), or set the value again.',
  },
  *check(source) {
    for (const { leaves } of sopsLeavesOf(source)) {
      for (const leaf of leaves) {
        if (!leaf.token || leaf.text === null) continue;
        const fault = tokenFault(leaf.text);
        if (fault === null) continue;
        yield {
          span: leaf.span,
          treePath: leaf.path,
          message: say`a token that cannot be right: ${fault}`,
          hint: say`Restore it from the history (git log -p FILE), or set the value again: tidelock set FILE PATH VALUE`,
        };
      }
    }
  },
};
