import { createGit } from '@tidelock/git';
import { buildNameOf, DEFAULT_PREFIX, isBranchPrefix } from '../apply/branch-names.ts';
import { findCredential } from '../forge/credential.ts';
import type { Forge } from '../forge/forge.ts';
import { findTarget } from '../forge/forge-target.ts';
import { connectGithub } from '../forge/github-forge.ts';
import type { BotPorts } from '../ports.ts';
import { type Arguments, usage } from './arguments.ts';

/** What `run` and `apply` take beside what they are to do. */
export interface ForgeSettings {
  readonly baseBranch: string | null;
  readonly branchPrefix: string;
  readonly labels: readonly string[];
  readonly maxOpen: number | null;
  readonly maxFiles: number;
  readonly allowUnsigned: boolean;
  readonly allowUnchecked: boolean;
  /** Milliseconds; null: as the forge asks. */
  readonly paceMs: number | null;
}

export const FORGE_TEXTS = [
  'repository',
  'api-url',
  'base',
  'branch-prefix',
  'labels',
  'max-open',
  'max-files',
] as const;
export const FORGE_SWITCHES = ['allow-unsigned', 'allow-unchecked', 'json'] as const;

/** A request of more is more than a person looks through, and than GitHub shows. */
const MOST_FILES = 3000;

/** @throws TidelockError ERR_ARGUMENT */
export function readForgeSettings({ text, isOn }: Arguments, { env }: BotPorts): ForgeSettings {
  const branchPrefix = text('branch-prefix') ?? DEFAULT_PREFIX;
  if (!isBranchPrefix(branchPrefix))
    throw usage(
      '--branch-prefix must be the beginning of a branch name, without a slash at its end',
    );
  const labels = (text('labels') ?? 'tidelock').split(',').map((label) => label.trim());
  const pace = env.TIDELOCK_ROTATE_PACE_MS || undefined;
  return {
    baseBranch: text('base') ?? null,
    branchPrefix,
    labels: labels.filter((label) => label !== ''),
    maxOpen: numberOf('--max-open', text('max-open')),
    maxFiles: numberOf('--max-files', text('max-files')) ?? MOST_FILES,
    allowUnsigned: isOn('allow-unsigned'),
    allowUnchecked: isOn('allow-unchecked'),
    paceMs: numberOf('TIDELOCK_ROTATE_PACE_MS', pace, 0),
  };
}

function numberOf(name: string, text: string | undefined, least = 1): number | null {
  if (text === undefined) return null;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (value >= least) return value;
  throw usage(`${name} must be a whole number, ${least} or more`);
}

/** @throws TidelockError ERR_FORGE_… */
export async function connectForge(
  { text }: Arguments,
  { branchPrefix, paceMs }: ForgeSettings,
  ports: BotPorts,
): Promise<Forge> {
  const target = findTarget({
    repository: text('repository'),
    apiUrl: text('api-url'),
    env: ports.env,
    remote: await originOf(ports),
  });
  return connectGithub({
    ...target,
    credential: findCredential(ports.env),
    paceMs,
    onWait: (message) => ports.stderr(`${message}\n`),
    buildName: (branch) => buildNameOf(branch, branchPrefix),
  });
}

async function originOf({ cwd, env }: BotPorts): Promise<string | null> {
  const args = ['config', '--get', 'remote.origin.url'];
  const { stdout } = await createGit(cwd, env).run(args, { answers: [0, 1] });
  const url = stdout.toString('utf8').trim();
  return url === '' ? null : url;
}
