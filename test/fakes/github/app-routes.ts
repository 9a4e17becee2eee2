import { ForgeAnswer, type ForgeState } from './forge-state.ts';
import type { RestAnswer } from './rest-api.ts';

/** What an app asks with its own signature: its installation, and a token for it. null: not that. */
export function answerApp(
  { accounts }: ForgeState,
  request: {
    readonly method: string;
    readonly path: string;
    readonly authorization: string | undefined;
  },
): RestAnswer | null {
  const { method, path, authorization } = request;
  const isInstallation = method === 'GET' && /^\/repos\/[^/]+\/[^/]+\/installation$/.test(path);
  const isToken = method === 'POST' && /^\/app\/installations\/\d+\/access_tokens$/.test(path);
  if (!isInstallation && !isToken) return null;
  const app = accounts.app(authorization);
  if (app === null) throw new ForgeAnswer(401, 'A JSON web token could not be decoded');
  if (isInstallation) return { status: 200, body: { id: Number(app.id) * 10 } };
  const { contents, pull_requests, issues } = app.permissions;
  const granted = { contents, pull_requests, issues };
  const permissions = Object.fromEntries(
    Object.entries(granted).filter(([, level]) => level !== 'none'),
  );
  return {
    status: 201,
    body: {
      token: accounts.addToken(app.slug, 'app', app.permissions),
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: { metadata: 'read', ...permissions },
      repository_selection: 'selected',
    },
  };
}
