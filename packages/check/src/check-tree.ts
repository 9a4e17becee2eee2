import { join, relative, sep } from 'node:path';
import { ObjectReader, openRepository } from '@tidelock/git';
import { judgeDeployment, LARGEST_FILE, POLICY_NAME, type Report } from '@tidelock/guard';
import { judgeAges } from './data-key-age.ts';
import { judge } from './judge.ts';
import { isKeyFile, labelsBy } from './pgp-keys.ts';
import {
  isUngoverned,
  type PolicyFile,
  policyFilesAbove,
  policyFilesIn,
  tidelockPolicyIn,
} from './policy-files.ts';
import type { CheckPorts } from './ports.ts';
import { readFolder, type TreeFiles } from './read-folder.ts';
import { Side } from './side.ts';
import { readSteering, type Steering } from './steering.ts';
import { trustedGroups } from './trusted-groups.ts';
import type { MakeVerifier } from './verifier.ts';

export interface TreeOptions {
  readonly ports: CheckPorts;
  /** Absolute. */
  readonly folder: string;
  readonly policyOnly: boolean;
  /** Opens what the keys at hand open; null: without. */
  readonly verifier: MakeVerifier | null;
  /** Read in the place of `.tidelock.yaml`, of a commit. */
  readonly policyPath?: string;
  /** Of files that are judged; all when not given. */
  readonly isWanted?: (path: string) => boolean;
}

export interface TreeReport extends Report {
  /** What a person should know of how this was judged. */
  readonly remarks: readonly string[];
}

/**
 * Judges every file below a folder, by the policy of its repository.
 * @param root the repository around the folder, or null
 * @throws TidelockError ERR_CONFIG for a policy that cannot be read
 */
export async function checkFolder(options: TreeOptions, root: string | null): Promise<TreeReport> {
  const { ports, folder } = options;
  const below = root === null ? '' : relative(root, folder).split(sep).join('/');
  const prefix = below === '' ? '' : `${below}/`;
  const above = root === null ? [] : await policyFilesAbove(ports, root, prefix);
  const largestFile = await largestIn(ports, root ?? folder);
  const files = await readFolder(ports, folder, { repository: root, largestFile });
  const policyFiles = [...policyFilesIn(files.sources, prefix), ...above];
  const texts = new Map(files.sources.map((source) => [source.path, source]));
  const read = (path: string) => texts.get(path)?.text ?? null;
  const steering = await readSteering(policyFiles, { now: ports.now(), prefix, read });
  return judgeTreeFiles(options, { files, steering, prefix, root, revision: 'HEAD' });
}

/** The limit of the policy at the top: known before a file is read. */
async function largestIn(ports: CheckPorts, top: string): Promise<number> {
  const bytes = await ports.readFile(join(top, POLICY_NAME));
  const files = bytes === null ? [] : [{ path: POLICY_NAME, bytes }];
  return tidelockPolicyIn(files, ports.now())?.largestFile ?? LARGEST_FILE;
}

/**
 * Judges every file of a commit, by the policy of another or by its own.
 * @throws GitError for a revision that names no commit; TidelockError ERR_CONFIG
 */
export async function checkCommit(
  options: TreeOptions,
  { revision, policyRef }: { readonly revision: string; readonly policyRef?: string },
): Promise<TreeReport> {
  const { ports, folder, isWanted = () => true } = options;
  const repository = await openRepository(folder, ports.env);
  const reader = new ObjectReader(repository.git);
  try {
    const side = await Side.open(repository, revision, reader);
    const policySide =
      policyRef === undefined ? side : await Side.open(repository, policyRef, reader);
    const policyFiles: readonly PolicyFile[] = await policySide.policyFiles(options.policyPath);
    const read = (path: string) => policySide.text(path);
    const steering = await readSteering(policyFiles, { now: ports.now(), prefix: '', read });
    const paths = [...side.entries.keys()].filter(isWanted);
    const files = await side.read(paths, steering.largestFile);
    const { root } = repository;
    return await judgeTreeFiles(options, {
      files,
      steering,
      prefix: '',
      root,
      revision: side.commit,
      paths: [...side.entries.keys()],
    });
  } finally {
    reader.close();
  }
}

interface ReadTree {
  readonly files: TreeFiles;
  readonly steering: Steering;
  readonly prefix: string;
  readonly root: string | null;
  readonly revision: string;
  /** Every path of the tree, where the files are not all of it. */
  readonly paths?: readonly string[];
}

async function judgeTreeFiles(options: TreeOptions, tree: ReadTree): Promise<TreeReport> {
  const { ports, folder, policyOnly, verifier } = options;
  const { files, steering, prefix, root, revision } = tree;
  const { access } = steering.policies;
  const verified = (await verifier?.(trustedGroups(steering)).judge(files.sources)) ?? null;
  const ages = await judgeAges(files.sources, { ports, folder, root, prefix, access, revision });
  const deployed = {
    policy: access?.policy ?? null,
    prefix,
    now: ports.now(),
    paths: [...(tree.paths ?? []), ...files.unread.map(({ path }) => prefix + path)],
  };
  const keyFiles = files.sources.filter(({ path }) => isKeyFile(path));
  const { report } = judge({
    files,
    labels: await labelsBy(files.sources, async () => keyFiles),
    steering,
    prefix,
    now: ports.now(),
    policyOnly,
    deployment: policyOnly ? [] : [...judgeDeployment(files.sources, deployed)],
    more: [...ages, ...(verified?.verdicts ?? [])],
    ...(verified === null ? {} : { proven: verified.proven }),
  });
  const remarks = [
    ...(isUngoverned(steering.policies) ? [UNGOVERNED] : []),
    ...(verified === null ? [] : [countsText(verified)]),
  ];
  return { ...report, remarks };
}

const UNGOVERNED = 'no .sops.yaml and no .tidelock.yaml: only plaintext is looked for';

/** What `--verify` could look into. */
export function countsText({ opened, closed }: { opened: number; closed: number }): string {
  return `${opened} files opened and checked, ${closed} without a key at hand`;
}
