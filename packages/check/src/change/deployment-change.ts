import {
  applyComments,
  check,
  type DeployVerdict,
  deployRules,
  type Finding,
  isDeploymentPath,
  judgeDeployment,
  type Source,
  unreadReferences,
} from '@tidelock/guard';
import { type DeploymentChange, pathsNear, readBoth, type SideFiles } from './deployment-files.ts';

/**
 * What head's tree says about deployment and base's did not, and all there is to say about the files
 * that differ: a change of one file can keep another from being decrypted. Reads what the change can
 * reach, and every manifest only where that may be any of them.
 */
export async function judgeDeploymentChange(
  change: DeploymentChange,
): Promise<readonly DeployVerdict[]> {
  const near = await pathsNear(change);
  if (near === null) return [];
  if (near !== 'any') {
    const verdicts = await judgePaths(change, near);
    const changed = new Set(change.changed.map(({ path }) => path));
    if (verdicts.every(({ source }) => changed.has(source.path))) return verdicts;
  }
  return judgeWhole(change);
}

/** The same by every manifest of both trees. */
export async function judgeWhole(change: DeploymentChange): Promise<readonly DeployVerdict[]> {
  const { head, base, changed, earlier } = change;
  const all = (side: SideFiles) => [...side.entries.keys()].filter(isDeploymentPath);
  const known = [...changed, ...earlier].map(({ path }) => path);
  const first = await readBoth(change, new Set([...all(head), ...all(base), ...known]));
  const named = [
    ...unreadReferences(first.after, [...head.entries.keys()]),
    ...unreadReferences(first.before, [...base.entries.keys()]),
  ];
  const paths = [...first.after, ...first.before].map(({ path }) => path);
  return judgePaths(change, new Set([...paths, ...named]));
}

async function judgePaths(
  change: DeploymentChange,
  paths: ReadonlySet<string>,
): Promise<readonly DeployVerdict[]> {
  const { base, head, policy, now, changed } = change;
  const { before, after } = await readBoth(change, paths);
  const options = { policy, now };
  const verdicts = [...judgeDeployment(after, { ...options, paths: [...head.entries.keys()] })];
  if (verdicts.length === 0) return verdicts;
  const old = [...judgeDeployment(before, { ...options, paths: [...base.entries.keys()] })];
  const known = new Set(old.map(keyOf));
  const quiet = silenced(before, old);
  const changes = new Set(changed.map(({ path }) => path));
  return verdicts.filter((verdict) => {
    const key = keyOf(verdict);
    return !quiet.has(key) && (changes.has(verdict.source.path) || !known.has(key));
  });
}

/** What comments of the base silence; one that the change brings silences nothing yet. */
function silenced(
  sources: readonly Source[],
  verdicts: readonly DeployVerdict[],
): ReadonlySet<string> {
  const findings = check(
    sources,
    deployRules(() => verdicts),
  );
  const quiet = new Set(
    applyComments(findings, sources).suppressed.map(({ finding }) => placeOf(finding)),
  );
  return new Set(
    verdicts
      .filter(({ ruleId, source, span }) =>
        quiet.has(
          placeOf({
            ruleId,
            path: source.path,
            range: span === null ? null : source.lines.rangeOf(span),
          }),
        ),
      )
      .map(keyOf),
  );
}

function placeOf({ ruleId, path, range }: Pick<Finding, 'ruleId' | 'path' | 'range'>): string {
  return JSON.stringify([ruleId, path, range?.startLine, range?.startColumn]);
}

function keyOf({ ruleId, source, kind, treePath, message }: DeployVerdict): string {
  return JSON.stringify([ruleId, source.path, kind, treePath, message]);
}
