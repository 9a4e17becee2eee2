import { NulSplitter, parseTreeEntry, type TreeEntry } from './parse.ts';
import { assertOid } from './revisions.ts';
import type { Git } from './run.ts';

/** Every file, symlink and submodule of a commit or tree, in Git's order. */
export async function* listTree(git: Git, oid: string): AsyncGenerator<TreeEntry> {
  const splitter = new NulSplitter();
  for await (const chunk of git.stream(['ls-tree', '-r', '-z', '--full-tree', assertOid(oid)])) {
    for (const record of splitter.push(chunk)) yield parseTreeEntry(record);
  }
  splitter.end();
}
