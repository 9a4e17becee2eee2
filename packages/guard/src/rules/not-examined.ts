import { notExamined } from '../examined.ts';
import { ownWords, say } from '../mask.ts';
import type { FileRule } from '../types.ts';

/** What could not be looked into, where something says that it has to be encrypted. */
export const notExaminedRule: FileRule = {
  id: 'examined/not-examined',
  severity: 'error',
  title: 'A file that must be encrypted and could not be looked into',
  docs: {
    why: 'Nobody can tell whether the file is encrypted, so nobody may say that it is.',
    fix: 'Encrypt the file with sops, make it smaller, or take it out of the rule that covers it.',
  },
  *check(source, context) {
    const reason = notExamined(source, context.largestFile);
    const covered = reason === null ? null : context.mustBeEncrypted(source.path);
    if (reason === null || covered === null) return;
    yield {
      span: null,
      kind: reason,
      message: say`not examined (${ownWords(reason)}), though ${covered} says that it is encrypted`,
      hint: say`Encrypt it: tidelock encrypt -i FILE; or take it out of that rule.`,
    };
  },
};
