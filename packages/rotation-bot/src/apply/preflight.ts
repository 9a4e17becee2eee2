import { escapeControls } from '@tidelock/guard';
import type { BranchRule, Forge, ForgeFacts } from '../forge/forge.ts';
import { forgeError } from '../forge/forge-error.ts';
import { type BranchNames, branchNames } from './branch-names.ts';

export interface PreflightOptions {
  /** null: the forge's default branch. */
  readonly baseBranch: string | null;
  readonly branchPrefix: string;
  /** The token of a job is taken, though nothing checks what it opens. */
  readonly allowUnchecked: boolean;
}

export interface Ready {
  readonly login: string;
  readonly baseBranch: string;
  readonly baseTip: string;
  /** Then a request can wait to be merged. */
  readonly hasMergeQueue: boolean;
  readonly names: BranchNames;
  /** No check runs by itself on what is opened. */
  readonly isUnchecked: boolean;
}

/**
 * Everything that can be known to go wrong later, before anything is opened or written: token,
 * permissions, settings, rules for branches. Reads only. @throws TidelockError ERR_FORGE_… with what
 * to do
 */
export async function preflight(forge: Forge, options: PreflightOptions): Promise<Ready> {
  const { baseBranch, branchPrefix, allowUnchecked } = options;
  const namesFor = (one: string) => branchNames(branchPrefix, one);
  const facts = await forge.facts({
    baseBranch,
    branchFor: (one) => namesFor(one).branchOf('all'),
  });
  const base = baseBranch ?? facts.defaultBranch;
  const { isArchived, baseTip } = facts;
  if (isArchived)
    throw forgeError(
      'ERR_FORGE_SETTING',
      `${forge.repository} is archived: nothing can be changed`,
      {
        hint: 'Bring it back in Settings, or stop running the bot on it.',
      },
    );
  if (base === null || baseTip === null)
    throw forgeError(
      'ERR_FORGE_NOT_FOUND',
      `there is no branch ${escapeControls(base ?? '')} in ${forge.repository}`,
      {
        hint: 'Name the branch that requests go into with --base.',
      },
    );
  requirePermissions(forge, facts);
  requireChecks(facts, allowUnchecked);
  requireFreeBranches(facts, branchPrefix);
  const names = namesFor(base);
  await requireNoCollision(forge, names);
  return {
    login: facts.login,
    baseBranch: base,
    baseTip,
    hasMergeQueue: facts.hasMergeQueue,
    names,
    isUnchecked: facts.token === 'job',
  };
}

const REMEDIES: Readonly<Record<ForgeFacts['token'], string>> = {
  app: 'In the settings of the App, give it contents read and write and pull requests read and write, and accept the change where it is installed.',
  user: 'Make a fine-grained token for this repository with contents read and write and pull requests read and write, of a person who may push here.',
  job: 'In the workflow, set permissions: contents: write and pull-requests: write.',
};

function requirePermissions({ repository }: Forge, facts: ForgeFacts): void {
  const missing = [
    ...(facts.canWriteFiles === false ? ['contents: write'] : []),
    ...(facts.canWriteRequests === false ? ['pull requests: write'] : []),
  ];
  if (missing.length === 0) return;
  const message = `the token of ${escapeControls(facts.login)} lacks ${missing.join(' and ')} on ${repository}`;
  throw forgeError('ERR_FORGE_PERMISSION', message, { hint: REMEDIES[facts.token] });
}

const APP_ROUTE =
  'Give the bot the token of a GitHub App (actions/create-github-app-token, or TIDELOCK_APP_ID and TIDELOCK_APP_PRIVATE_KEY).';

function requireChecks({ token, mayJobsOpenRequests }: ForgeFacts, allowUnchecked: boolean): void {
  if (token !== 'job') return;
  if (mayJobsOpenRequests === false)
    throw forgeError('ERR_FORGE_SETTING', 'GitHub Actions may not open pull requests here', {
      hint: `${APP_ROUTE} Or allow it under Settings, Actions, General, in the organization and in the repository.`,
    });
  if (!allowUnchecked)
    throw forgeError(
      'ERR_FORGE_UNCHECKED',
      'no workflow runs by itself on a request that the token of GitHub Actions opens, so tidelock check would not see it',
      { hint: `${APP_ROUTE} To go on without checks, add --allow-unchecked.` },
    );
}

const RULE_WORDS: Readonly<Record<Exclude<BranchRule, 'signatures'>, string>> = {
  creation: 'forbids to create them',
  update: 'forbids to update them',
  deletion: 'forbids to delete them',
  force: 'forbids force pushes',
  request: 'takes changes by pull request alone',
};

function requireFreeBranches({ branchRules }: ForgeFacts, prefix: string): void {
  const against = [...branchRules].flatMap((rule) =>
    rule === 'signatures' ? [] : RULE_WORDS[rule],
  );
  if (against.length === 0) return;
  const message = `a rule for the bot's branches (${prefix}/…) ${against.join(' and ')}`;
  throw forgeError('ERR_FORGE_PROTECTED', message, {
    hint: 'Leave these branches out of the rule, let the bot pass it, or choose others with --branch-prefix.',
  });
}

/** A branch `a` leaves no room for a branch `a/b`. */
async function requireNoCollision(
  forge: Forge,
  { folder, buildFolder }: BranchNames,
): Promise<void> {
  const parents = new Set([...parentsOf(folder), ...parentsOf(buildFolder)]);
  const [first = ''] = [...parents].sort((a, b) => a.length - b.length);
  const branches = await forge.branches(first);
  const inTheWay = branches.find(({ name }) => parents.has(name));
  if (inTheWay === undefined) return;
  const message = `the branch ${escapeControls(inTheWay.name)} leaves no room for the bot's branches`;
  throw forgeError('ERR_FORGE_SETTING', message, {
    hint: 'Rename it, or choose another beginning with --branch-prefix.',
  });
}

function parentsOf(folder: string): readonly string[] {
  const parts = folder.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
