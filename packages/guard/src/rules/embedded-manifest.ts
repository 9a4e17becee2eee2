import { say } from '../mask.ts';
import { Source } from '../source.ts';
import { readText, structureOf } from '../structure/structure.ts';
import { leavesOf, type TreeLeaf } from '../structure/tree.ts';
import type { FileRule } from '../types.ts';
import { kubernetesSecret } from './kubernetes-secret.ts';

/** Secrets within strings: the last applied configuration, manifests in values of a chart. */
export const embeddedManifest: FileRule = {
  id: 'plaintext/embedded-manifest',
  severity: 'error',
  title: 'A Kubernetes Secret inside a string of another document',
  docs: {
    why: 'kubectl keeps what it applied in an annotation, and charts carry manifests in values: both repeat every value of the Secret.',
    fix: 'Remove the annotation kubectl.kubernetes.io/last-applied-configuration, or encrypt the file.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || (!/Secret["'\\]/.test(text) && !/kind: Secret/.test(text))) return;
    for (const document of structureOf(source).documents) {
      for (const leaf of leavesOf(document.root)) {
        if (!holdsSecret(leaf)) continue;
        yield {
          span: leaf.scalar.span,
          treePath: leaf.path,
          value: leaf.scalar.value,
          message: say`a Kubernetes Secret in plain text, inside a string`,
          hint: say`Remove the string (kubectl writes its own again when it applies), or encrypt the file: tidelock encrypt -i FILE`,
        };
      }
    }
  },
};

const LARGEST = 1024 * 1024;

function holdsSecret({ scalar }: TreeLeaf): boolean {
  const { value } = scalar;
  if (value.length > LARGEST || !value.includes('Secret') || !value.includes('kind')) return false;
  if (readText(value, 0).documents.length === 0) return false;
  const inner = new Source('embedded', Buffer.from(value, 'utf8'));
  for (const problem of kubernetesSecret.check(inner, {
    now: null,
    largestFile: Infinity,
    mustBeEncrypted: () => null,
  })) {
    if (problem.severity !== 'warning') return true;
  }
  return false;
}
