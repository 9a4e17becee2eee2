import { decodeUtf8 } from '../bytes.ts';
import type { Environment } from '../ports.ts';
import { callServer } from './call.ts';
import { KmsFailure } from './failure.ts';
import type { Connect, HttpRequest, HttpResponse, TlsOptions } from './http.ts';

/** One request below `/v1/`; a body makes it a PUT. */
export interface VaultRequest {
  readonly vaultAddress: string;
  /** Each segment is escaped. */
  readonly path: string;
  /** Behind the path, as `version=3`; written by us. */
  readonly query?: string;
  /** JSON. */
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Requests to Vault; what every one of them needs is read once a run. */
export interface VaultSession {
  /** The answer of whatever status but those that ask to come back. @throws KmsFailure */
  ask(request: VaultRequest): Promise<HttpResponse>;
}

export const VAULT_NAME = 'Vault';

/**
 * Token, namespace and TLS as Vault's own SDK reads them from the environment (SOPS-FORMAT 6.5). The
 * address is the key's own; VAULT_AGENT_ADDR goes before it. VAULT_SKIP_VERIFY has no effect: a
 * token is never sent to a server whose certificate nobody checked.
 */
export function createVaultSession(
  environment: Environment,
  connect: Connect,
  permits: (vaultAddress: string) => boolean,
): VaultSession {
  let opened: ReturnType<typeof openSession> | undefined;
  return {
    async ask({ vaultAddress, path, query, body, signal }) {
      opened ??= openSession(environment, connect);
      const { send, headers } = await opened;
      const address = (environment.env.VAULT_AGENT_ADDR || vaultAddress).replace(/\/+$/, '');
      const place = path.split('/').map(encodeURIComponent).join('/');
      const request: HttpRequest = {
        method: body === undefined ? 'GET' : 'PUT',
        url: `${address}/v1/${place}${query === undefined ? '' : `?${query}`}`,
        headers,
        ...(body === undefined ? {} : { body }),
      };
      const response = await callServer(VAULT_NAME, request, { send, signal });
      if (response.status !== 307) return response;
      const url = redirection(response, request.url, permits);
      return callServer(VAULT_NAME, { ...request, url }, { send, signal });
    },
  };
}

/** A standby sends to the active node, once, and only where a token may go anyway. */
function redirection(
  { headers }: HttpResponse,
  from: string,
  permits: (vaultAddress: string) => boolean,
): string {
  const location = headers.get('location') ?? '';
  const to = URL.canParse(location, from) ? new URL(location, from) : null;
  const isSafe =
    to !== null &&
    (to.protocol === 'https:' || from.startsWith('http:')) &&
    to.pathname === new URL(from).pathname &&
    (to.origin === new URL(from).origin || permits(to.origin));
  if (isSafe) return to.href;
  throw new KmsFailure(
    'Vault redirects to an address that is not permitted: nothing was sent there',
    'Use the address of the active node, or add it to the allow-list.',
  );
}

async function openSession(environment: Environment, connect: Connect) {
  const send = connect(await tlsOptions(environment));
  const headers: Record<string, string> = {
    'x-vault-request': 'true',
    'content-type': 'application/json',
    'x-vault-token': await readToken(environment),
  };
  const namespace = environment.env.VAULT_NAMESPACE ?? '';
  if (namespace !== '') headers['x-vault-namespace'] = headerValue(namespace, 'VAULT_NAMESPACE');
  return { send, headers };
}

async function readToken({ env, homeDir, readFile }: Environment): Promise<string> {
  if (env.VAULT_TOKEN) return headerValue(env.VAULT_TOKEN.trim(), 'VAULT_TOKEN');
  const path = `${homeDir}/.vault-token`;
  const bytes = await readFile(path).catch(() => null);
  const token = (bytes === null ? null : decodeUtf8(bytes))?.trim() ?? '';
  if (token !== '') return headerValue(token, path);
  throw new KmsFailure(
    'there is no Vault token',
    'Set VAULT_TOKEN, or log in with `vault login` (or `bao login`), which writes ~/.vault-token.',
  );
}

function headerValue(value: string, source: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new KmsFailure(
    `${source} holds what cannot be sent`,
    'Use printable ASCII without spaces.',
  );
}

async function tlsOptions({ env, readFile }: Environment): Promise<TlsOptions> {
  const read = async (name: string): Promise<string | undefined> => {
    const path = env[name];
    if (!path) return undefined;
    const bytes = await readFile(path).catch(() => null);
    if (bytes !== null) return Buffer.from(bytes).toString('utf8');
    throw new KmsFailure(`the file that ${name} names cannot be read`, `Correct ${name}.`);
  };
  const [ca, cert, key] = await Promise.all(
    ['VAULT_CACERT', 'VAULT_CLIENT_CERT', 'VAULT_CLIENT_KEY'].map(read),
  );
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(env.VAULT_TLS_SERVER_NAME ? { serverName: env.VAULT_TLS_SERVER_NAME } : {}),
  };
}
