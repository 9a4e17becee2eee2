import { ownWords, say } from '../mask.ts';
import type { Source } from '../source.ts';
import type { Verdict } from './rule-info.ts';

const ANYWHERE = ['.sops.yaml'];
const AT_THE_TOP = ['.tidelock.yaml', '.sops-check.yaml', '.sops-check.yml'];
const LIKE_A_POLICY = /^\.(sops|tidelock|sops-check)\.ya?ml$/i;

/**
 * A file that looks like a policy and that nobody reads as one: misspelt, or in a folder where it is
 * not looked for.
 * @param path within the repository
 */
export function* judgeName(source: Source, path: string): Iterable<Verdict> {
  const kind = LIKE_A_POLICY.exec(source.name)?.[1]?.toLowerCase();
  if (kind === undefined || ANYWHERE.includes(source.name)) return;
  const isKnown = AT_THE_TOP.includes(source.name);
  if (isKnown && path === source.name) return;
  const right = ownWords(`.${kind}.yaml`);
  const message = isKnown
    ? say`not read: ${right} counts at the top of the repository alone`
    : say`not read as a policy: its name is ${right}`;
  const hint = isKnown ? say`Move what it says to the top` : say`Rename it, or remove it`;
  yield { ruleId: 'config/invalid', severity: 'warning', source, span: null, message, hint };
}
