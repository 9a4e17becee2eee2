import { say } from '../mask.ts';
import type { FileRule } from '../types.ts';

/** Conflict markers in a sops file: neither side can be decrypted. */
export const mergeConflict: FileRule = {
  id: 'broken/merge-conflict',
  severity: 'error',
  title: 'Merge conflict markers in a sops file',
  docs: {
    why: 'The MAC covers the whole file, so a file put together from two cannot be decrypted.',
    fix: 'Take one side, and make the other change again with tidelock edit.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !text.includes('ENC[AES256_GCM') || !text.includes('<<<<<<<')) return;
    const first = /^<{7}(?: .*)?$/m.exec(text);
    if (first === null || !/^>{7}(?: .*)?$/m.test(text)) return;
    yield {
      span: { start: first.index, end: first.index + 7 },
      message: say`merge conflict markers in an encrypted file`,
      hint: say`Take one side (git checkout --ours FILE), then make the other change again: tidelock edit FILE`,
    };
  },
};
