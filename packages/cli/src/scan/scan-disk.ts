import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { type FoundFile, ignoredBelow, readDiskFile, walkFolder } from '@tidelock/check';
import { type GitPath, pathFromBytes } from '@tidelock/git';
import { CommandError } from '../command-error.ts';
import { repositoryOf } from '../files/repository.ts';
import type { Ports } from '../ports.ts';
import { DiskCoverage } from './disk-coverage.ts';
import type { ScanBatch, ScanFile, ScanPlace } from './scan-batch.ts';

/** Bytes that are judged together; a larger tree is judged in parts, so that memory is bounded. */
const BATCH_BYTES = 32 * 1024 * 1024;
const COULD_NOT_RUN = 2;

export interface DiskScan {
  readonly ports: Ports;
  /** As the user gave them; none: the current folder. */
  readonly paths: readonly string[];
  /** Also what Git ignores. */
  readonly withIgnored: boolean;
  /** Bytes beyond which a file is not read; asked when the first file is. */
  readonly largestFile: (top: string) => Promise<number>;
}

interface Argument {
  /** Absolute, links followed. */
  readonly target: string;
  readonly isFolder: boolean;
  /** What stands before the paths within the argument. */
  readonly prefix: string;
  readonly coverage: DiskCoverage;
  /** From the folder that bounds the configuration to the argument's folder. */
  readonly fromTop: string;
  readonly repository: string | null;
}

/**
 * The named files and everything below the named folders. Paths are relative to a folder that is
 * named alone; where several are named, each begins with the name that was given.
 * @throws CommandError exit 2 for what does not exist
 */
export function scanDisk({ ports, paths, withIgnored, largestFile }: DiskScan): ScanPlace {
  const given = paths.length === 0 ? ['.'] : paths;
  const args = given.map((path) => toArgument(path, ports.cwd, given.length === 1));
  const skipped: string[] = [];
  const place = rootOf(args, ports.cwd);
  const limit = () => largestFile(place.top);
  return {
    ...place,
    batches: inBatches(filesOf(args, { ports, withIgnored, skipped, limit })),
    leftOut: () => skipped,
    problems: () => args.flatMap(({ coverage }) => coverage.problems),
  };
}

/** Findings are named from a folder that stands alone, else from the working folder. */
function rootOf(
  args: readonly Argument[],
  cwd: string,
): Pick<ScanPlace, 'root' | 'top' | 'prefix'> {
  const [first] = args;
  const isAlone = first?.isFolder === true && args.length === 1;
  const root = isAlone ? first.target : realpathSync(cwd);
  const top = repositoryOf(root) ?? root;
  const path = slashed(relative(top, root));
  return { root, top, prefix: path === '' ? '' : `${pathFromBytes(Buffer.from(path))}/` };
}

function toArgument(path: string, cwd: string, isAlone: boolean): Argument {
  const absolute = resolve(cwd, path);
  const info = statSync(absolute, { throwIfNoEntry: false });
  if (info === undefined) {
    const hint = 'Check the name; it is looked up from the current folder.';
    throw new CommandError('ERR_NO_FILE', COULD_NOT_RUN, `${path} does not exist`, hint);
  }
  const target = realpathSync(absolute);
  const isFolder = info.isDirectory();
  const folder = isFolder ? target : dirname(target);
  const repository = repositoryOf(folder);
  const top = repository ?? folder;
  const name = shownName(absolute, cwd);
  return {
    target,
    isFolder,
    prefix: !isFolder ? name : isAlone || name === '' ? '' : `${name}/`,
    coverage: new DiskCoverage(top),
    fromTop: slashed(relative(top, folder)),
    repository,
  };
}

/** As seen from the current folder, or the last name of what lies outside of it. */
function shownName(absolute: string, cwd: string): string {
  const name = slashed(relative(cwd, absolute));
  const shown = name.startsWith('../') || name === '..' || isAbsolute(name);
  return pathFromBytes(Buffer.from(shown ? basename(absolute) : name));
}

const slashed = (path: string) => path.split(sep).join('/');

interface Walking extends Pick<DiskScan, 'ports' | 'withIgnored'> {
  readonly skipped: string[];
  readonly limit: () => Promise<number>;
}

async function* filesOf(args: readonly Argument[], walking: Walking): AsyncGenerator<ScanFile> {
  const seen = new Set<string>();
  const largest = await walking.limit();
  for (const argument of args) {
    const { target, isFolder, prefix, coverage, fromTop } = argument;
    const found = isFolder ? await foundBelow(argument, walking) : [namedFile(target)];
    for (const file of found) {
      const path = isFolder ? prefix + file.path : prefix;
      if (seen.has(path)) continue;
      seen.add(path);
      const { bytes, reason } = file.read(largest);
      const covered = await coverage.of(joined(fromTop, file.path));
      yield { path, bytes, reason, covered };
    }
  }
}

async function foundBelow(argument: Argument, walking: Walking): Promise<Iterable<FoundFile>> {
  const { target, repository } = argument;
  const ignored = walking.withIgnored
    ? new Set<string>()
    : await ignoredBelow(target, repository, walking.ports);
  if (ignored.size > 0) {
    const what =
      ignored.size === 1 ? '1 name that Git ignores' : `${ignored.size} names that Git ignores`;
    walking.skipped.push(`${what} below ${argument.prefix === '' ? 'it' : argument.prefix}`);
  }
  return walkFolder(target, ignored);
}

function namedFile(target: string): FoundFile {
  const path: GitPath = pathFromBytes(Buffer.from(basename(target)));
  return { path, read: (largest) => readDiskFile(Buffer.from(target), largest) };
}

const joined = (folder: string, path: string) => (folder === '' ? path : `${folder}/${path}`);

async function* inBatches(files: AsyncIterable<ScanFile>): AsyncGenerator<ScanBatch> {
  let batch: ScanFile[] = [];
  let size = 0;
  for await (const file of files) {
    batch.push(file);
    size += file.bytes?.length ?? 0;
    if (size < BATCH_BYTES) continue;
    yield { commit: null, files: batch };
    batch = [];
    size = 0;
  }
  if (batch.length > 0) yield { commit: null, files: batch };
}
