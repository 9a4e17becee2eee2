import { type Caller, isEnough, type Permissions } from './accounts.ts';
import { ForgeAnswer, type ForgeRepository, type ForgeState } from './forge-state.ts';
import { gitRoutes } from './git-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';

export interface RestRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly repository: ForgeRepository;
  /** Groups of the route's path. */
  readonly parts: readonly string[];
}

export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** Behind `/repos/OWNER/NAME`. */
  readonly path: RegExp;
  /** One of them is enough. */
  readonly needs: readonly Partial<Permissions>[];
  readonly handle: (request: RestRequest) => RestAnswer;
}

const ROUTES: readonly Route[] = [...repositoryRoutes, ...gitRoutes, ...pullRoutes];

/** Serves `/repos/OWNER/NAME...` as GitHub does. @throws ForgeAnswer */
export function answerRest(
  state: ForgeState,
  request: Omit<RestRequest, 'repository' | 'parts'>,
): RestAnswer {
  const { method, url, caller } = request;
  const match = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(url.pathname);
  const repository = state.repositories.get(`${match?.[1]}/${match?.[2]}`.toLowerCase());
  if (match === null || repository === undefined) throw new ForgeAnswer(404, 'Not Found');
  const rest = (match[3] ?? '').replaceAll('%2F', '/');
  if (!isEnough(caller.permissions.contents, 'read') && rest !== '')
    throw new ForgeAnswer(404, 'Not Found');
  for (const route of ROUTES) {
    const found = route.method === method ? route.path.exec(rest) : null;
    if (found === null) continue;
    requirePermissions(caller, route.needs);
    if (method !== 'GET' && repository.isArchived)
      throw new ForgeAnswer(403, 'Repository was archived so is read-only.');
    const parts = found.slice(1).map((part) => decodeURIComponent(part ?? ''));
    return route.handle({ ...request, repository, parts });
  }
  throw new ForgeAnswer(404, 'Not Found');
}

export function requirePermissions(caller: Caller, needs: Route['needs']): void {
  if (needs.length === 0) return;
  const isGranted = needs.some((need) =>
    Object.entries(need).every(([name, level]) =>
      isEnough(caller.permissions[name as keyof Permissions], level),
    ),
  );
  if (isGranted) return;
  const accepted = needs.map((need) =>
    Object.entries(need)
      .map(([name, level]) => `${name}=${level}`)
      .join(','),
  );
  const message =
    caller.kind === 'user'
      ? 'Resource not accessible by personal access token'
      : 'Resource not accessible by integration';
  throw new ForgeAnswer(403, message, {
    headers: { 'x-accepted-github-permissions': accepted.join('; ') },
  });
}

/** A page of a list, with the Link header that leads to the next. */
export function page(url: URL, items: readonly unknown[]): RestAnswer {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? '30'), 100);
  const number = Number(url.searchParams.get('page') ?? '1');
  const body = items.slice((number - 1) * size, number * size);
  if (number * size >= items.length) return { status: 200, body };
  const next = new URL(url);
  next.searchParams.set('page', String(number + 1));
  return { status: 200, body, headers: { link: `<${next.href}>; rel="next"` } };
}

export function textOf(body: RestRequest['body'], name: string): string {
  const value = body[name];
  if (typeof value !== 'string')
    throw new ForgeAnswer(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
  return value;
}
