import {
  applyComments,
  check,
  type DeployVerdict,
  deployRules,
  type Finding,
  isDeploymentPath,
  judgeDeployment,
  type Source,
  type TidelockPolicy,
  unreadReferences,
} from '@tidelock/guard';
import type { Side } from '../side.ts';

export interface DeploymentChange {
  readonly base: Side;
  readonly head: Side;
  /** Files that differ, as they are in head. */
  readonly changed: readonly Source[];
  readonly policy: TidelockPolicy | null;
  readonly now: Date;
}

/**
 * What head's whole tree says about deployment and base's did not, and all there is to say about the
 * files that differ: a change of one file can keep another from being decrypted.
 */
export async function judgeDeploymentChange({
  base,
  head,
  changed,
  policy,
  now,
}: DeploymentChange): Promise<readonly DeployVerdict[]> {
  const changes = new Map(changed.map((source) => [source.path, source]));
  const after = await readSide(head, (path) => changes.get(path));
  const options = { policy, now };
  const verdicts = [...judgeDeployment(after, { ...options, paths: [...head.entries.keys()] })];
  if (verdicts.length === 0) return verdicts;
  const kept = new Map(after.map((source) => [source.path, source]));
  const before = await readSide(base, (path) =>
    isSame(base, head, path) ? kept.get(path) : undefined,
  );
  const old = [...judgeDeployment(before, { ...options, paths: [...base.entries.keys()] })];
  const known = new Set(old.map(keyOf));
  const quiet = silenced(before, old);
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

/** Everything that may matter: by its name, or because a kustomization names it. */
async function readSide(
  side: Side,
  known: (path: string) => Source | undefined,
): Promise<readonly Source[]> {
  const paths = [...side.entries.keys()];
  const read = async (wanted: readonly string[]) => {
    const at = wanted.map((path) => ({ path, source: known(path) }));
    const rest = at.filter(({ source }) => source === undefined).map(({ path }) => path);
    const { sources } = await side.read(rest);
    return [...at.flatMap(({ source }) => source ?? []), ...sources];
  };
  const first = await read(paths.filter(isDeploymentPath));
  return [...first, ...(await read(unreadReferences(first, paths)))];
}

function isSame(base: Side, head: Side, path: string): boolean {
  const [one, other] = [base.entries.get(path), head.entries.get(path)];
  return one !== undefined && one.oid === other?.oid && one.mode === other.mode;
}

function keyOf({ ruleId, source, kind, treePath, message }: DeployVerdict): string {
  return JSON.stringify([ruleId, source.path, kind, treePath, message]);
}
