import { mask, say } from '../mask.ts';
import { type SopsLeaf, type SopsLeaves, sopsLeavesOf } from '../sops-leaves.ts';
import type { Source } from '../source.ts';
import type { FileRule } from '../types.ts';

/** A value that the file's own selection covers, in plain text. */
export const plainValue: FileRule = {
  id: 'broken/plain-value',
  severity: 'error',
  title: 'A value in a sops file that should be encrypted and is not',
  docs: {
    why: 'The file looks encrypted, and this value was added or decrypted by hand: sops would refuse the file, Flux would apply it as it stands.',
    fix: 'Change the value, take the old one out of the file, then set the new one with tidelock set FILE PATH VALUE.',
  },
  *check(source) {
    for (const { leaves } of encryptedParts(source)) {
      for (const leaf of leaves) {
        if (!isPlainSelected(leaf)) continue;
        yield {
          span: leaf.span,
          treePath: leaf.path,
          value: leaf.text ?? '',
          message: say`a value of a sops file in plain text, though the file's selection covers it (${mask(leaf.text ?? '')})`,
          hint: say`Change the secret, take the old one out of the file, then set the new one: tidelock set FILE PATH VALUE`,
        };
      }
    }
  },
};

/** A sops block over values of which none is encrypted. */
export const nothingEncrypted: FileRule = {
  id: 'broken/nothing-encrypted',
  severity: 'error',
  title: 'A sops file in which nothing is encrypted',
  docs: {
    why: 'The sops block makes the file look safe, and every value in it can be read.',
    fix: 'Remove the sops block, check the selection (encrypted_regex and the like), and encrypt again.',
  },
  *check(source) {
    for (const part of sopsLeavesOf(source)) {
      if (!isWhollyPlain(part)) continue;
      yield {
        span: null,
        message: say`a sops block, and no encrypted value: all ${part.leaves.filter(isPlain).length} of them can be read`,
        hint: say`Remove the sops block, change the secrets, then encrypt: tidelock encrypt -i FILE`,
      };
    }
  },
};

/** A comment in plain text where the selection covers comments. */
export const plainComment: FileRule = {
  id: 'broken/plain-comment',
  severity: 'warning',
  title: 'A comment in a sops file that should be encrypted and is not',
  docs: {
    why: 'Comments of encrypted parts are encrypted too. One in plain text was added by hand, often to keep an old value.',
    fix: 'Remove it, or add it with tidelock edit FILE.',
  },
  *check(source) {
    for (const { leaves } of encryptedParts(source)) {
      for (const leaf of leaves) {
        if (!leaf.comment || !leaf.selected || leaf.token || (leaf.text ?? '').trim() === '')
          continue;
        yield {
          span: leaf.span,
          value: leaf.text ?? '',
          message: say`a comment in plain text where the selection covers comments`,
          hint: say`Remove it, or add it again with: tidelock edit FILE`,
        };
      }
    }
  },
};

function encryptedParts(source: Source): readonly SopsLeaves[] {
  return sopsLeavesOf(source).filter((part) => !isWhollyPlain(part));
}

function isWhollyPlain({ leaves }: SopsLeaves): boolean {
  return leaves.some(isPlain) && !leaves.some((leaf) => leaf.token);
}

/** Neither a token, nor empty or null, which stay plain by design (SOPS-FORMAT 1.3). */
function isPlain(leaf: SopsLeaf): boolean {
  return !leaf.comment && !leaf.token && leaf.text !== null && leaf.text !== '';
}

function isPlainSelected(leaf: SopsLeaf): boolean {
  return isPlain(leaf) && leaf.selected;
}
