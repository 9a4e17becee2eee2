import { say } from '../mask.ts';
import { plainDocumentsOf } from '../sops-file.ts';
import { child, elementsOf, entriesOf, textOf } from '../structure/tree.ts';
import type { FileRule } from '../types.ts';

/** State of Terraform: every attribute of every resource, generated passwords included. */
export const terraformState: FileRule = {
  id: 'plaintext/terraform-state',
  severity: 'error',
  title: 'Terraform state in plain text',
  docs: {
    why: 'The state holds every attribute in clear, also those marked sensitive: generated passwords, keys, connection strings.',
    fix: 'Move the state to a backend, and rotate what was in it.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !text.includes('terraform_version')) return;
    for (const { root } of plainDocumentsOf(source)) {
      const isState =
        textOf(root, 'terraform_version') !== undefined && textOf(root, 'serial') !== undefined;
      const encrypted = child(root, 'encrypted_data') !== undefined;
      const content =
        elementsOf(child(root, 'resources')).length +
        elementsOf(child(root, 'modules')).length +
        entriesOf(child(root, 'outputs')).length;
      if (!isState || encrypted || content === 0) continue;
      yield {
        span: null,
        kind: 'terraform-state',
        message: say`Terraform state in plain text: it holds every attribute, sensitive ones too`,
        hint: say`Move the state to a backend (git rm --cached FILE), and rotate what was in it.`,
      };
    }
  },
};
