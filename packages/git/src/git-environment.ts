import type { Env } from './find-git.ts';

/** Before every subcommand: nothing the repository configures or holds gets to run or to mislead. */
export const HARDENING: readonly string[] = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'safe.bareRepository=explicit',
  '--no-replace-objects',
  '--literal-pathspecs',
];

/** Set for every process of ours. */
const ALWAYS: Env = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  // No transport at all: versions before 2.45 do not know GIT_NO_LAZY_FETCH.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_GRAFT_FILE: '/dev/null',
  LC_ALL: 'C',
};

/** Would make Git run a program, or contradict `--literal-pathspecs`. */
const NEVER = [
  'GIT_EXTERNAL_DIFF',
  'GIT_DIFF_OPTS',
  'GIT_ASKPASS',
  'SSH_ASKPASS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_REPLACE_REF_BASE',
];

/** What ties a process to one repository (`git rev-parse --local-env-vars`). */
const LOCAL = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

/** Removes what ties the environment to the repository whose hook is running. */
export function withoutRepository(env: Env): Env {
  const copy: Record<string, string | undefined> = { ...env };
  for (const name of LOCAL) delete copy[name];
  return copy;
}

/** The environment of a Git process, with the given PATH. */
export function gitEnvironment(env: Env, path: string): Env {
  const result: Record<string, string | undefined> = { ...env };
  for (const name of NEVER) delete result[name];
  delete result[pathName(env)];
  return { ...result, ...ALWAYS, PATH: path };
}

export function pathOf(env: Env): string {
  return env[pathName(env)] ?? '';
}

/** Windows spells it `Path`. */
function pathName(env: Env): string {
  if (env.PATH !== undefined) return 'PATH';
  return Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
}
