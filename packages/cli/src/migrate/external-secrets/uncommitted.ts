import { createGit, type Env } from '@tidelock/git';

/** Which of the files differ from the last commit, or are in none: replacing them would lose them. */
export async function uncommitted(
  root: string,
  env: Env,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const args = [
    'status',
    '--porcelain=v1',
    '-z',
    '--untracked-files=all',
    '--no-renames',
    '--',
    ...new Set(paths),
  ];
  const { stdout } = await createGit(root, env).run(args);
  const lines = stdout.toString('utf8').split('\0');
  return new Set(lines.map((line) => line.slice('XY '.length)));
}
