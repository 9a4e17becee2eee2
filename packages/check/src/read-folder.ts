import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type NotExamined, Source } from '@tidelock/guard';
import type { CheckPorts } from './ports.ts';
import { ignoredBelow, walkFolder } from './walk-folder.ts';

export interface TreeFiles {
  readonly sources: readonly Source[];
  /** Files that could not be read; links and submodules are among the sources. */
  readonly unread: readonly NotExamined[];
}

const MODES = { symlink: '120000', submodule: '160000' } as const;

/** Where a link leads, which is what Git keeps of it. */
function linkTarget(folder: string, path: string, reason: keyof typeof MODES): Uint8Array {
  if (reason === 'submodule') return new Uint8Array();
  try {
    return readlinkSync(join(folder, path), { encoding: 'buffer' });
  } catch {
    return new Uint8Array();
  }
}

/** Every file below a folder, but what its Git repository ignores. */
export async function readFolder(
  ports: Pick<CheckPorts, 'env'>,
  folder: string,
  {
    repository,
    largestFile,
  }: {
    /** The root of the repository around it, or null. */
    readonly repository: string | null;
    /** Bytes beyond which a file is not read. */
    readonly largestFile?: number;
  },
): Promise<TreeFiles> {
  const sources: Source[] = [];
  const unread: NotExamined[] = [];
  for (const { path, read } of walkFolder(folder, await ignoredBelow(folder, repository, ports))) {
    const { bytes, reason } = read(largestFile);
    if (bytes !== null) sources.push(new Source(path, bytes));
    else if (reason === 'symlink' || reason === 'submodule')
      sources.push(new Source(path, linkTarget(folder, path, reason), { mode: MODES[reason] }));
    else unread.push({ path, reason: reason ?? 'unreadable' });
  }
  return { sources, unread };
}
