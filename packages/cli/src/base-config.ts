import { dirname, relative, sep } from 'node:path';
import { isCi, readSopsConfig } from '@tidelock/core';
import type { FoundConfig } from './config-lookup.ts';
import { repositoryOf } from './files/repository.ts';
import type { Ports } from './ports.ts';

/** Where the CI systems say which branch a pull request is for. */
const BASE_VARIABLES = [
  'GITHUB_BASE_REF',
  'CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
  'BITBUCKET_PR_DESTINATION_BRANCH',
  'SYSTEM_PULLREQUEST_TARGETBRANCH',
  'BUILDKITE_PULL_REQUEST_BASE_BRANCH',
  'CHANGE_TARGET',
];

/**
 * The configuration that may say who is asked with our credentials. In CI a pull request can write
 * any address into its own `.sops.yaml`: there it is the file of the base branch, as `origin` was
 * fetched, and null where that has none or was not fetched.
 */
export async function baseConfig(
  ports: Ports,
  found: FoundConfig | null,
): Promise<FoundConfig | null> {
  const branch = baseBranch(ports.env);
  const root = found === null ? null : repositoryOf(dirname(found.path));
  if (found === null || branch === null || root === null) return found;
  const name = relative(root, found.path).split(sep).join('/');
  const { createGit } = await import('@tidelock/git');
  const object = `refs/remotes/origin/${branch}:${name}`;
  const { status, stdout } = await createGit(root, ports.env).run(['cat-file', 'blob', object], {
    answers: [0, 128],
  });
  return status === 0 ? { path: found.path, config: readSopsConfig(stdout).config } : null;
}

/** The branch that a pull request is for; null outside of one. */
function baseBranch(env: Ports['env']): string | null {
  if (!isCi(env)) return null;
  const name = BASE_VARIABLES.map((variable) => env[variable] ?? '').find((text) => text !== '');
  return name === undefined ? null : name.replace(/^refs\/heads\//, '');
}
