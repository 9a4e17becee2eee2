import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { TIDELOCK_VERSION } from '@tidelock/core';

const Client = Octokit.plugin(retry, throttling, paginateRest);
export type GithubClient = InstanceType<typeof Client>;

/** How the bot shows who it is. */
export type GithubCredential =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'app';
      readonly appId: string;
      /** PEM. */
      readonly privateKey: string;
      /** null: that of the repository. */
      readonly installationId: string | null;
    };

export interface ClientOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  readonly credential: GithubCredential;
  readonly repository: { readonly owner: string; readonly name: string };
  /** Milliseconds between writes and, growing, before a request is repeated; null: as GitHub asks. */
  readonly paceMs: number | null;
  readonly onWait: (message: string) => void;
}

/** Milliseconds after which a request counts as lost. */
const TIMEOUT = 60_000;
const MOST_REPEATS = 3;
/** Seconds that are waited for when the forge says how long. */
const LONGEST_WAIT = 600;

/** What the token of an app may do; null for another, of which the forge does not tell. */
export type Granted = Readonly<Record<string, string>> | null;

/** @throws what the forge answers when an app is refused */
export async function createGithubClient(
  options: ClientOptions,
): Promise<{ client: GithubClient; granted: Granted }> {
  const { credential } = options;
  if (credential.kind === 'token')
    return { client: clientFor(options, { auth: credential.token }), granted: null };
  const { owner, name } = options.repository;
  const { appId, privateKey } = credential;
  const asApp = clientFor(options, {
    authStrategy: createAppAuth,
    auth: { appId, privateKey },
  });
  const installationId =
    credential.installationId ??
    (await asApp.request('GET /repos/{owner}/{repo}/installation', { owner, repo: name })).data.id;
  // Renewed by itself when its hour is over.
  const client = clientFor(options, {
    authStrategy: createAppAuth,
    auth: { appId, privateKey, installationId: Number(installationId) },
  });
  const { permissions } = (await client.auth({ type: 'installation' })) as {
    readonly permissions: Readonly<Record<string, string>>;
  };
  return { client, granted: permissions };
}

function clientFor({ apiUrl, paceMs, onWait }: ClientOptions, auth: object): GithubClient {
  const wait = (what: string) => (seconds: number, _: unknown, __: unknown, count: number) => {
    const isWorth = count < MOST_REPEATS && seconds <= LONGEST_WAIT;
    if (isWorth) onWait(`${what}: going on in ${seconds} s`);
    return isWorth;
  };
  return new Client({
    ...auth,
    baseUrl: apiUrl,
    userAgent: `tidelock-rotate/${TIDELOCK_VERSION}`,
    log: SILENT,
    request: {
      fetch: (url: string, init: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) }),
    },
    retry: { retries: MOST_REPEATS, ...(paceMs === null ? {} : { retryAfterBaseValue: paceMs }) },
    throttle: {
      onRateLimit: wait('the rate limit of the token is reached'),
      onSecondaryRateLimit: wait('the forge asks for fewer requests'),
      ...(paceMs === null ? {} : { write: paced(paceMs), notifications: paced(0) }),
    },
  });
}

/** What it logs by itself could hold names of files. */
const nothing = () => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

type Group = NonNullable<NonNullable<Parameters<typeof throttling>[1]['throttle']>['write']>;

/** Stands where the plugin's own queue stands: one after the other, so many milliseconds apart. */
function paced(ms: number): Group {
  let last: Promise<unknown> = Promise.resolve();
  const schedule = (_: unknown, job: () => unknown) => {
    const turn = last.then(job);
    last = turn.then(() => new Promise((resolve) => setTimeout(resolve, ms)));
    return turn;
  };
  return { key: () => ({ schedule }) } as unknown as Group;
}
