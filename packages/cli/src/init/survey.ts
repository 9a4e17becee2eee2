import { judge, policyFilesIn, readFolder, readSteering } from '@tidelock/check';
import { type Finding, type Source, type Valued, wholeView } from '@tidelock/guard';
import type { Ports } from '../ports.ts';
import { detectEnvironments, type Environments } from './environments.ts';
import { detectKinds, type Kind } from './kinds.ts';

/** What a repository has, read once. */
export interface Survey {
  /** Absolute: the top of the work tree. */
  readonly root: string;
  /** Every file that Git does not ignore; links and submodules are among them by their mode. */
  readonly sources: readonly Source[];
  readonly paths: readonly string[];
  readonly kinds: readonly Kind[];
  readonly environments: Environments;
  /** sops files. */
  readonly encrypted: readonly Source[];
  /** What is in plain text and should not be, by path, with the values: for comparison alone. */
  readonly plaintext: ReadonlyMap<string, readonly Valued[]>;
}

/** @throws TidelockError ERR_CONFIG for a mistake in `.tidelock.yaml` */
export async function surveyRepository(ports: Ports, root: string): Promise<Survey> {
  const files = await readFolder(ports, root, { repository: root });
  const { sources } = files;
  const now = ports.now();
  const texts = new Map(sources.map((source) => [source.path, source]));
  const read = (path: string) => texts.get(path)?.text ?? null;
  const place = { now, prefix: '', read };
  const steering = await readSteering(policyFilesIn(sources, ''), place);
  const { found } = judge({ files, steering, prefix: '', now, policyOnly: false });
  const paths = sources.map(({ path }) => path);
  return {
    root,
    sources,
    paths,
    kinds: detectKinds(sources),
    environments: detectEnvironments(paths),
    encrypted: sources.filter((source) => wholeView(source) !== null),
    plaintext: byPath(found.filter(isPlaintext)),
  };
}

function isPlaintext({ finding: { ruleId, severity } }: Valued): boolean {
  // A Secret is to be encrypted whatever its values look like.
  if (ruleId === 'plaintext/kubernetes-secret') return severity !== 'note';
  return severity === 'error' && (ruleId.startsWith('plaintext/') || OTHERS.includes(ruleId));
}

/** A whole file that is to be encrypted, and what is left plain within an encrypted one. */
const OTHERS = ['policy/not-encrypted', 'broken/plain-value', 'broken/nothing-encrypted'];

function byPath(found: readonly Valued[]): ReadonlyMap<string, readonly Valued[]> {
  const groups = new Map<string, Valued[]>();
  for (const one of found) {
    const group = groups.get(one.finding.path);
    if (group === undefined) groups.set(one.finding.path, [one]);
    else group.push(one);
  }
  return groups;
}

/** Without the values. */
export const findingsOf = (found: readonly Valued[]): readonly Finding[] =>
  found.map(({ finding }) => finding);
