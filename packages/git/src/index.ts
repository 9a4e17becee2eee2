export type { GitErrorCode } from './errors.ts';
export { GitError } from './errors.ts';
export { type FetchOptions, fetchRefs, ownRemote } from './fetch.ts';
export type { Env } from './find-git.ts';
export { findWorkTree, pathOutside } from './find-git.ts';
export { withoutRepository } from './git-environment.ts';
export type { FileCommit } from './history.ts';
export { fileHistory } from './history.ts';
export type { Staged, StagedEntry } from './index-blobs.ts';
export { listStaged, mergedCommits, mergeHeads, SUBMODULE, SYMLINK } from './index-blobs.ts';
export type { BlobResult, ObjectInfo, ReadOptions } from './object-reader.ts';
export { ObjectReader } from './object-reader.ts';
export type { IndexEntry, RawChange, TreeEntry } from './parse.ts';
export { isOid, isZeroOid } from './parse.ts';
export type { GitPath } from './path.ts';
export { isPlainPath, parentPath, pathFromBytes, pathToBytes } from './path.ts';
export type { Introduced, Range } from './range.ts';
export { listCommits, listIntroduced } from './range.ts';
export type { HooksFolder, Repository } from './repository.ts';
export { hooksFolder, openRepository } from './repository.ts';
export type { Ref } from './revisions.ts';
export {
  emptyTree,
  headBranch,
  isAncestor,
  listRefs,
  mergeBase,
  resolveCommit,
} from './revisions.ts';
export type { Git, GitResult, RunOptions } from './run.ts';
export { createGit } from './run.ts';
export { runOutside } from './run-program.ts';
export { findFilesWith } from './search.ts';
export { listTree } from './tree.ts';
export type { IndexUpdate } from './update-index.ts';
export { listIndex, stagedId, updateIndex, writeBlob } from './update-index.ts';
export { listVersions, type PathVersion } from './versions.ts';
export { WorkTreeFile } from './work-tree-file.ts';
