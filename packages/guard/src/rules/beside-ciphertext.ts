import { selectionOf } from '@tidelock/core';
import { classifyName } from '../key-names.ts';
import { keyName, mask, say } from '../mask.ts';
import { type SopsLeaf, sopsLeavesOf } from '../sops-leaves.ts';
import type { SopsView } from '../sops-view.ts';
import type { FileRule } from '../types.ts';
import { suspectClass } from '../value-test.ts';

/** A value that the selection of a sops file leaves out, and that looks secret. */
export const besideCiphertext: FileRule = {
  id: 'plaintext/beside-ciphertext',
  severity: 'error',
  title: 'A value in a sops file that looks secret and is not selected',
  docs: {
    why: 'Every value that the selection covers is encrypted, so all tools call the file fine; this one is not covered.',
    fix: 'Widen the selection in .sops.yaml (encrypted_regex and the like), change the value, and encrypt the file again.',
  },
  *check(source) {
    for (const { view, leaves } of sopsLeavesOf(source)) {
      if (!leaves.some(({ token }) => token)) continue;
      const suffix = plainSuffix(view);
      for (const leaf of leaves) {
        const severity = judge(leaf, suffix);
        if (severity === null) continue;
        yield {
          span: leaf.span,
          treePath: leaf.path,
          value: leaf.text ?? '',
          severity,
          message: say`a value that looks secret in a sops file, left out by its selection, under ${keyName(nameOf(leaf))} (${mask(leaf.text ?? '')})`,
          hint: say`Widen the selection in .sops.yaml, change the secret, then encrypt the file again.`,
        };
      }
    }
  },
};

function judge(leaf: SopsLeaf, suffix: string): 'error' | 'warning' | null {
  if (leaf.comment || leaf.selected || leaf.token || leaf.text === null) return null;
  const name = nameOf(leaf);
  const bare = name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
  const suspicion = suspectClass(classifyName(bare), leaf.text);
  if (suspicion === 'sure') return 'error';
  return suspicion === 'weak' || suspicion === 'hash' ? 'warning' : null;
}

/** The suffix that leaves values plain says nothing about what they are. */
function plainSuffix({ metadata }: SopsView): string {
  const selection = metadata === null ? null : selectionOf(metadata);
  return selection?.rule === 'unencrypted_suffix' ? selection.value : '';
}

function nameOf({ path }: SopsLeaf): string {
  const name = path.findLast((step) => typeof step === 'string');
  return typeof name === 'string' ? name : '';
}
