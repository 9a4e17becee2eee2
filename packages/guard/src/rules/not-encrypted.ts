import { notExamined } from '../examined.ts';
import { say } from '../mask.ts';
import { isSopsFile } from '../sops-file.ts';
import { sopsViewsOf } from '../sops-view.ts';
import type { FileRule } from '../types.ts';

/** A file that a creation rule or the policy says is encrypted, and that is not. */
export const notEncrypted: FileRule = {
  id: 'plaintext/not-encrypted',
  severity: 'error',
  title: 'A file that must be encrypted and is not',
  docs: {
    why: 'A creation rule or the policy names this path as encrypted, and it can be read.',
    fix: 'Change what is secret in it, then encrypt it: tidelock encrypt -i FILE',
  },
  *check(source, context) {
    if (source.bytes.length === 0 || isSopsFile(source)) return;
    const covered = context.mustBeEncrypted(source.path);
    const reason = notExamined(source, context.largestFile);
    if (covered === null || (reason !== null && reason !== 'template')) return;
    // A sops file that cannot be read is broken, and encrypting it again would not mend it.
    if (sopsViewsOf(source).some(({ error }) => error !== null)) return;
    yield {
      span: null,
      message: say`not encrypted, though ${covered} says that it is`,
      hint: say`Change what is secret in it, then encrypt it: tidelock encrypt -i FILE`,
    };
  },
};
