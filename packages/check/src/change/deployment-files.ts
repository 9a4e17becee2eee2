import {
  DELIVERY_MARKS,
  folderOf,
  isDeploymentPath,
  isKustomization,
  LINK_MARKS,
  linkTarget,
  type Reach,
  reachOf,
  type Source,
  type TidelockPolicy,
} from '@tidelock/guard';
import type { Side } from '../side.ts';

export type SideFiles = Pick<Side, 'entries'> & {
  read(paths: readonly string[]): Promise<{ readonly sources: readonly Source[] }>;
};

export interface DeploymentChange {
  readonly base: SideFiles;
  readonly head: SideFiles;
  /** Files that differ, as they are in head. */
  readonly changed: readonly Source[];
  /** Those that differ and those that head no longer has, as they are in base. */
  readonly earlier: readonly Source[];
  /** Paths of head's files that hold one of the texts. */
  readonly find: (texts: readonly string[]) => Promise<readonly string[]>;
  readonly policy: TidelockPolicy | null;
  readonly now: Date;
}

/**
 * The files without which nothing can be said of what the change reaches; null where it reaches
 * nothing, `any` where it may reach any manifest.
 */
export async function pathsNear(
  change: DeploymentChange,
): Promise<ReadonlySet<string> | null | 'any'> {
  const { changed, earlier, head, base } = change;
  const files = [...earlier, ...changed];
  const reaches = new Set(files.map(reachOf));
  if (reaches.has('any')) return 'any';
  const removed = [...base.entries.keys()].filter((path) => !head.entries.has(path));
  const isNew = ({ path }: Source) => !base.entries.has(path) && isDeploymentPath(path);
  const isReached = reaches.has('links') || reaches.has('folder') || reaches.has('itself');
  if (!isReached && removed.length === 0 && !changed.some(isNew)) return null;
  const delivery = await change.find(DELIVERY_MARKS);
  const links = isReached ? await linksNear(change, files, reaches) : [];
  const steering = [...delivery.filter(isDeploymentPath), ...links];
  const kustomizations =
    steering.length > 0
      ? [...head.entries.values()].filter(steersByName).map(({ path }) => path)
      : await thatMayName(change, removed);
  const targets = changed.map(linkTarget).filter((path) => path !== null);
  return new Set([...files.map(({ path }) => path), ...steering, ...kustomizations, ...targets]);
}

/** A symbolic link counts as what it leads to, which may be a file that differs. */
const steersByName = ({ path, mode }: { readonly path: string; readonly mode: string }) =>
  isKustomization(path) || mode === '120000';

/** Files with links that may be to a changed one: a Secret in plain text is in anybody's reach. */
async function linksNear(
  { find }: DeploymentChange,
  files: readonly Source[],
  reaches: ReadonlySet<Reach>,
): Promise<readonly string[]> {
  if (!reaches.has('links') && !reaches.has('folder')) return [];
  const found = (await find(LINK_MARKS)).filter(isDeploymentPath);
  if (reaches.has('links')) return found;
  const folders = new Set(files.map(({ path }) => folderOf(path)));
  return found.filter((path) => folders.has(folderOf(path)));
}

/** Kustomizations with a word that what is gone went by. */
async function thatMayName(
  { head, find }: DeploymentChange,
  removed: readonly string[],
): Promise<readonly string[]> {
  const words = new Set(removed.flatMap((path) => path.split('/')));
  if (words.size === 0) return [];
  const all = [...head.entries.keys()].filter(isKustomization);
  if (all.length === 0) return all;
  const found = new Set(await find([...words]));
  return all.filter((path) => found.has(path));
}

/** Both sides' versions of the paths, what is alike read once. */
export async function readBoth(
  { base, head, changed, earlier }: DeploymentChange,
  paths: ReadonlySet<string>,
): Promise<{ readonly before: readonly Source[]; readonly after: readonly Source[] }> {
  const now = await readSide(head, paths, changed);
  const same = now.filter(({ path }) => isSame(base, head, path));
  const before = await readSide(base, paths, [...same, ...earlier]);
  return { before, after: now };
}

async function readSide(
  side: SideFiles,
  paths: ReadonlySet<string>,
  known: readonly Source[],
): Promise<readonly Source[]> {
  const byPath = new Map(known.map((source) => [source.path, source]));
  const wanted = [...paths].filter((path) => side.entries.has(path)).sort();
  const { sources } = await side.read(wanted.filter((path) => !byPath.has(path)));
  for (const source of sources) byPath.set(source.path, source);
  return wanted.flatMap((path) => byPath.get(path) ?? []);
}

function isSame(base: SideFiles, head: SideFiles, path: string): boolean {
  const [one, other] = [base.entries.get(path), head.entries.get(path)];
  return one !== undefined && one.oid === other?.oid && one.mode === other.mode;
}
