import { dirname, join, relative, sep } from 'node:path';
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
  const bytes = await blobOf(ports, { root, branch, path: found.path });
  return bytes === null ? null : { path: found.path, config: readSopsConfig(bytes).config };
}

/** The bytes of a file at the root of this repository, in a pull request those of its base branch. */
export async function baseFile(ports: Ports, name: string): Promise<Uint8Array | null> {
  const root = repositoryOf(ports.cwd);
  if (root === null) return null;
  const branch = baseBranch(ports.env);
  const path = join(root, name);
  return branch === null ? ports.readFile(path) : blobOf(ports, { root, branch, path });
}

interface BlobName {
  readonly root: string;
  readonly branch: string;
  readonly path: string;
}

async function blobOf(ports: Ports, { root, branch, path }: BlobName): Promise<Uint8Array | null> {
  const name = relative(root, path).split(sep).join('/');
  const { createGit } = await import('@tidelock/git');
  const object = `refs/remotes/origin/${branch}:${name}`;
  const { status, stdout } = await createGit(root, ports.env).run(['cat-file', 'blob', object], {
    answers: [0, 128],
  });
  return status === 0 ? stdout : null;
}

/** The branch that a pull request is for; null outside of one. */
function baseBranch(env: Ports['env']): string | null {
  if (!isCi(env)) return null;
  const name = BASE_VARIABLES.map((variable) => env[variable] ?? '').find((text) => text !== '');
  return name === undefined ? null : name.replace(/^refs\/heads\//, '');
}
