import { posix, relative, sep } from 'node:path';
import { type Git, type GitPath, pathToBytes } from '@tidelock/git';
import { type Finding, shellWord, withPath } from '@tidelock/guard';
import { nearestConfig } from './coverage.ts';
import type { View } from './steering-files.ts';

/** How a plaintext file is encrypted from where the person stands. */
export interface Mending {
  /** A creation rule with keys matches it: until then there is nothing to encrypt it by. */
  readonly hasRule: boolean;
  /** The `.sops.yaml` that the command would not find by itself: it starts where it is called. */
  readonly config: GitPath | null;
}

/** The folder below the top in which the person stands: Git runs its hooks at the top, and says so. */
export function standingIn(git: Git): GitPath {
  const prefix = git.env.GIT_PREFIX ?? fromTop(git);
  // A name that is not UTF-8 cannot be written here; from the top is better than wrong.
  return /\\x|\ufffd/.test(prefix) ? '' : prefix.replace(/\/$/, '');
}

function fromTop({ workTree, cwd }: Git): GitPath {
  if (workTree === null) return '';
  const path = relative(workTree, cwd).split(sep).join('/');
  return path.startsWith('..') ? '' : path;
}

/** The path as a command takes it that is given in that folder. */
function pathFrom(folder: GitPath, path: GitPath): GitPath {
  return folder === '' ? path : posix.relative(`/${folder}`, `/${path}`);
}

export async function mendingOf(path: GitPath, folder: GitPath, files: View): Promise<Mending> {
  const config = await nearestConfig(files, path);
  if (config === null) return { hasRule: false, config: null };
  const { namesKeysFor } = await import('./creation-rules.ts');
  const found = await nearestConfig(files, folder === '' ? '_' : `${folder}/_`);
  return {
    hasRule: namesKeysFor(config.bytes, { configPath: config.path, path }),
    config: found?.path === config.path ? null : config.path,
  };
}

/** What a rule knows better than to encrypt. */
const OTHERWISE = /git rm --cached FILE|ansible-vault encrypt FILE/;

/** The command that takes the plaintext out of what is about to be committed. */
export function mendCommand(
  path: GitPath,
  findings: readonly Finding[],
  { folder, mending }: { readonly folder: GitPath; readonly mending: Mending | undefined },
): string {
  const word = shellWord(pathFrom(folder, path));
  if (!isUtf8(path))
    return `git mv ${word} NAME (in UTF-8), then tidelock encrypt -i NAME && git add NAME`;
  const other = findings.map(({ hint }) => OTHERWISE.exec(hint)?.[0]).find((one) => one);
  if (other?.startsWith('git')) return other.replace('FILE', () => word);
  const config = mending?.config ?? null;
  const flag = config === null ? '' : `--config ${shellWord(pathFrom(folder, config))} `;
  const encrypt = other?.replace('FILE', () => word) ?? `tidelock ${flag}encrypt -i ${word}`;
  return `${encrypt} && git add ${word}`;
}

/** No program of Node's can be given another name. */
function isUtf8(path: GitPath): boolean {
  const bytes = Buffer.from(pathToBytes(path));
  return Buffer.compare(Buffer.from(bytes.toString('utf8')), bytes) === 0;
}

/** A hint with the names of this file, and of the place in it, in the commands it gives. */
export function hintFor({ hint, path, treePath }: Finding, folder: GitPath): string {
  const place = treePath !== undefined && PLAIN_PLACE.test(treePath) ? shellWord(treePath) : 'PATH';
  return withPath(hint, pathFrom(folder, path)).replaceAll(
    / PATH VALUE\b/g,
    () => ` ${place} VALUE`,
  );
}

/** Every key in it as it is, none masked. */
const PLAIN_PLACE = /^(?:\["[\w.$@/: -]+"\]|\[\d+\])+$/;
