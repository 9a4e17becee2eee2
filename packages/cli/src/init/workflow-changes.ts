import type { Source } from '@tidelock/guard';
import { type FileChange, readTarget } from './file-change.ts';
import type { Forge } from './forge.ts';
import { ACTION_REPOSITORY, RELEASE } from './release.ts';
import { appended, entryOf, rootOf } from './yaml-insertion.ts';

export interface WorkflowChanges {
  readonly changes: readonly FileChange[];
  readonly byHand: readonly string[];
}

/** The check of every pull or merge request, for the forge the repository is on. */
export function proposeWorkflow(
  root: string,
  forge: Forge | null,
  sources: readonly Source[],
): WorkflowChanges {
  if (forge === null) return { changes: [], byHand: [] };
  if (forge === 'gitlab') return gitlab(root);
  const folder = forge === 'github' ? '.github' : giteaFolder(sources);
  const workflows = sources.filter(({ path }) => path.startsWith(`${folder}/workflows/`));
  if (workflows.some(({ text }) => /\btidelock\b/.test(text ?? '')))
    return { changes: [], byHand: [] };
  const path = `${folder}/workflows/tidelock.yml`;
  const before = readTarget(root, path);
  if (before !== null) return { changes: [], byHand: [] };
  const after = forge === 'github' ? GITHUB : GITEA;
  return { changes: [{ path, before, after, context: 0 }], byHand: [] };
}

const giteaFolder = (sources: readonly Source[]) =>
  sources.some(({ path }) => path.startsWith('.forgejo/')) ? '.forgejo' : '.gitea';

const GITHUB = `# Judges every pull request by the policy of its base branch. Make it a required check:
# only that stops a pull request from removing it.
name: tidelock
on:
  pull_request:
    types: [opened, synchronize, reopened, edited]
  merge_group:
  push:
    branches: [main, master]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: ${ACTION_REPOSITORY}/packages/action@v${RELEASE}
`;

const GITEA = `# Judges every pull request by the policy of its base branch.
name: tidelock
on:
  pull_request:
    types: [opened, synchronize, reopened, edited]
  push:
    branches: [main, master]
jobs:
  check:
    runs-on: ubuntu-latest
    container: node:22
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
          persist-credentials: false
      - run: npx --yes tidelock@${RELEASE} check
      - if: github.event_name == 'pull_request'
        run: npx --yes tidelock@${RELEASE} check --base "origin/$GITHUB_BASE_REF"
`;

const gitlabJob = (
  stage: string,
) => `# Judges every merge request by the policy of its target branch.
tidelock:
${stage}  image: node:22
  variables:
    GIT_DEPTH: "0"
  script:
    - npx --yes tidelock@${RELEASE} check
    - if [ -n "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" ]; then git fetch -q origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" && npx --yes tidelock@${RELEASE} check --base FETCH_HEAD; fi
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
`;

function gitlab(root: string): WorkflowChanges {
  const path = '.gitlab-ci.yml';
  const before = readTarget(root, path);
  if (before === null)
    return { changes: [{ path, before, after: gitlabJob(''), context: 0 }], byHand: [] };
  if (/\btidelock\b/.test(before)) return { changes: [], byHand: [] };
  const tree = rootOf(before);
  if (tree === null || tree.style !== 'block' || tree.kind !== 'map')
    return { changes: [], byHand: [`add a job to ${path} that runs \`tidelock check\``] };
  const stages = entryOf(tree, 'stages');
  // A list of stages of one's own may have no stage called test.
  const job = gitlabJob(stages === undefined ? '' : '  stage: .pre\n');
  const after = appended(before, `\n${job}`);
  return { changes: [{ path, before, after, context: 0 }], byHand: [] };
}
