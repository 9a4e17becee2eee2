import type { Git } from '@tidelock/git';

export type Forge = 'github' | 'gitlab' | 'gitea';

const BY_HOST: readonly (readonly [RegExp, Forge])[] = [
  [/(?:^|\.)github\./, 'github'],
  [/gitlab/, 'gitlab'],
  [/gitea|forgejo|(?:^|\.)codeberg\.org$/, 'gitea'],
];
const BY_FILE: readonly (readonly [RegExp, Forge])[] = [
  [/^\.github\/workflows\//, 'github'],
  [/^\.gitlab-ci\.yml$/, 'gitlab'],
  [/^\.(?:gitea|forgejo)\//, 'gitea'],
];

/** Where the repository is pushed to: by the host of its remote, else by the files it has for it. */
export async function detectForge(git: Git, paths: readonly string[]): Promise<Forge | null> {
  const args = ['config', '--get-regexp', '-z', '^remote\\..*\\.url$'];
  const { stdout } = await git.run(args, { answers: [0, 1] });
  const remotes = stdout.toString('utf8').split('\0');
  const origin = remotes.find((line) => line.startsWith('remote.origin.url')) ?? remotes[0] ?? '';
  const host = hostOf(origin.slice(origin.indexOf('\n') + 1));
  const byHost = BY_HOST.find(([pattern]) => pattern.test(host));
  if (byHost !== undefined) return byHost[1];
  return BY_FILE.find(([pattern]) => paths.some((path) => pattern.test(path)))?.[1] ?? null;
}

/** `https://user@host/path`, `ssh://git@host:22/path`, `git@host:path`; '' for a path. */
function hostOf(url: string): string {
  const match = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)[:/]/i.exec(url);
  return /^[./]/.test(url) ? '' : (match?.[1] ?? '').toLowerCase();
}
