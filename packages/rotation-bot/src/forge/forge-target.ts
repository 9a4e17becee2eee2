import { forgeError, serverWords } from './forge-error.ts';

/** Where the forge and the repository on it are. */
export interface ForgeTarget {
  readonly apiUrl: string;
  readonly repository: { readonly owner: string; readonly name: string };
}

export interface TargetSources {
  /** `--repository`, `--api-url`. */
  readonly repository: string | undefined;
  readonly apiUrl: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** URL of the remote `origin`, or null. */
  readonly remote: string | null;
}

const GITHUB = 'https://api.github.com';

/**
 * By flag, else by what a pipeline says, else by the remote. A token goes to no server that nobody
 * named. @throws TidelockError ERR_FORGE_REMOTE
 */
export function findTarget(sources: TargetSources): ForgeTarget {
  const { env, remote } = sources;
  const named = sources.repository ?? (env.GITHUB_REPOSITORY || undefined);
  const place = remote === null ? null : parseRemote(remote);
  const repository = named === undefined ? place : requireName(named);
  if (repository === null) throw noRemote(remote);
  const apiUrl = sources.apiUrl ?? (env.GITHUB_API_URL || undefined) ?? apiOf(place);
  return {
    apiUrl: requireSafe(apiUrl),
    repository: { owner: repository.owner, name: repository.name },
  };
}

interface RemotePlace {
  readonly host: string;
  readonly owner: string;
  readonly name: string;
}

/** `https://HOST/owner/name.git`, `ssh://git@HOST:22/owner/name`, `git@HOST:owner/name`. */
function parseRemote(remote: string): RemotePlace | null {
  const scp = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/)([^\s]+)$/.exec(remote);
  const url = scp === null && URL.canParse(remote) ? new URL(remote) : null;
  const isNetwork = url !== null && /^(?:https?|ssh|git):$/.test(url.protocol);
  const host = scp?.[1] ?? (isNetwork ? url.hostname : undefined);
  const path = scp?.[2] ?? (isNetwork ? url.pathname.replace(/^\//, '') : '');
  const named = parseName(path.replace(/\/$/, '').replace(/\.git$/, ''));
  return host === undefined || named === null ? null : { host, ...named };
}

const NAME = /^([A-Za-z0-9][A-Za-z0-9-]*)\/([A-Za-z0-9._-]+)$/;

function parseName(text: string): Omit<RemotePlace, 'host'> | null {
  const [, owner, name] = NAME.exec(text) ?? [];
  return owner === undefined || name === undefined ? null : { owner, name };
}

function requireName(text: string): Omit<RemotePlace, 'host'> {
  const named = parseName(text);
  if (named !== null) return named;
  throw forgeError('ERR_FORGE_REMOTE', `${serverWords(text)} names no repository`, {
    hint: 'Write it as owner/name.',
  });
}

function apiOf(place: RemotePlace | null): string {
  if (place === null || place.host === 'github.com') return GITHUB;
  const host = serverWords(place.host);
  const url = /\.ghe\.com$/.test(host) ? `https://api.${host}` : `https://${host}/api/v3`;
  throw forgeError('ERR_FORGE_REMOTE', `${host} is no GitHub that is known here`, {
    hint: `For GitHub Enterprise give --api-url ${url}. GitLab and Gitea are not supported yet.`,
  });
}

function noRemote(remote: string | null) {
  const what =
    remote === null
      ? 'this repository has no remote named origin'
      : 'the remote origin is not on a forge';
  return forgeError('ERR_FORGE_REMOTE', `${what}, so there is no place for requests`, {
    hint: 'Give --repository owner/name (and --api-url for GitHub Enterprise), or run tidelock-rotate plan to only see what is due.',
  });
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/;

/** A token travels encrypted, or stays on the machine. */
function requireSafe(apiUrl: string): string {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : null;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url !== null && isSafe && url.username === '') return apiUrl.replace(/\/+$/, '');
  throw forgeError('ERR_FORGE_REMOTE', 'the address of the forge is not an https URL', {
    hint: 'Give --api-url https://HOST/api/v3.',
  });
}
