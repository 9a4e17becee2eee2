import { judge, policyFilesIn, readFolder, readPolicies } from '@tidelock/check';
import { type Finding, type Source, wholeView } from '@tidelock/guard';
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
  /** What is in plain text and should not be, by path. */
  readonly plaintext: ReadonlyMap<string, readonly Finding[]>;
}

/** @throws TidelockError ERR_CONFIG for a mistake in `.tidelock.yaml` */
export async function surveyRepository(ports: Ports, root: string): Promise<Survey> {
  const files = await readFolder(ports, root, root);
  const { sources } = files;
  const now = ports.now();
  const policies = readPolicies(policyFilesIn(sources, ''), { now, prefix: '' });
  const report = judge({ files, policies, prefix: '', now, policyOnly: false, more: [] });
  const paths = sources.map(({ path }) => path);
  return {
    root,
    sources,
    paths,
    kinds: detectKinds(sources),
    environments: detectEnvironments(paths),
    encrypted: sources.filter((source) => wholeView(source) !== null),
    plaintext: byPath(report.findings.filter(isPlaintext)),
  };
}

function isPlaintext({ ruleId, severity }: Finding): boolean {
  return severity === 'error' && (ruleId.startsWith('plaintext/') || ruleId === NOT_ENCRYPTED);
}

const NOT_ENCRYPTED = 'policy/not-encrypted';

function byPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.path);
    if (group === undefined) groups.set(finding.path, [finding]);
    else group.push(finding);
  }
  return groups;
}
