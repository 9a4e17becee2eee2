import { type GitPath, pathFromBytes } from './path.ts';
import { assertOid } from './revisions.ts';
import type { Git } from './run.ts';

/**
 * Files of a commit with a line that holds one of the texts, byte for byte. Git itself reads the
 * tree; nothing of it passes through here.
 */
export async function findFilesWith(
  git: Git,
  commit: string,
  texts: readonly string[],
): Promise<GitPath[]> {
  const wanted = texts.filter((text) => text !== '' && !/[\n\0]/.test(text));
  if (wanted.length === 0) return [];
  const args = ['grep', '--no-textconv', '-l', '-z', '-F', '-f', '-', assertOid(commit)];
  const { stdout } = await git.run(args, { input: `${wanted.join('\n')}\n`, answers: [0, 1] });
  return splitNames(stdout).map((name) => pathFromBytes(name.subarray(commit.length + 1)));
}

function splitNames(output: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let from = 0, end = output.indexOf(0); end !== -1; end = output.indexOf(0, from)) {
    names.push(output.subarray(from, end));
    from = end + 1;
  }
  return names;
}
