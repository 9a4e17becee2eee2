export { type AccessReport, accessJson, accessMarkdown, accessText } from './access-text.ts';
export type { AccessByChange } from './change/access-change.ts';
export { type ChangeOptions, type ChangeReport, checkChange } from './change/check-change.ts';
export { checkCommit, checkFolder, type TreeOptions, type TreeReport } from './check-tree.ts';
export { judgeAges } from './data-key-age.ts';
export { readDiskFile } from './disk-file.ts';
export { type Judged, judge } from './judge.ts';
export { errnoOf, isMissing, readFileOrNull, run } from './node-ports.ts';
export {
  isPolicyPath,
  isSopsConfig,
  type Policies,
  type PolicyFile,
  policyFilesAbove,
  policyFilesIn,
  readPolicies,
  tidelockPolicyIn,
} from './policy-files.ts';
export type { CheckPorts } from './ports.ts';
export { readFolder, type TreeFiles } from './read-folder.ts';
export { Side } from './side.ts';
export { readSteering, type Steering } from './steering.ts';
export { createVerifier, type MakeVerifier, type Verified, type Verifier } from './verifier.ts';
export { type FoundFile, ignoredBelow, walkFolder } from './walk-folder.ts';
export { withCommits } from './with-commits.ts';
