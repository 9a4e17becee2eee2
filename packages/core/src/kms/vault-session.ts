import { decodeUtf8 } from '../bytes.ts';
import type { Environment } from '../ports.ts';
import { KmsFailure } from './failure.ts';
import type { Connect, HttpSend, TlsOptions } from './http.ts';

/** What every request to Vault needs; read once a run. */
export interface VaultSession {
  open(vaultAddress: string): Promise<{
    readonly send: HttpSend;
    /** Without a final `/`. */
    readonly address: string;
    readonly headers: Readonly<Record<string, string>>;
  }>;
}

/**
 * Token, namespace and TLS as Vault's own SDK reads them from the environment (SOPS-FORMAT 6.5). The
 * address is the key's own; VAULT_AGENT_ADDR goes before it. VAULT_SKIP_VERIFY has no effect: a
 * token is never sent to a server whose certificate nobody checked.
 */
export function createVaultSession(environment: Environment, connect: Connect): VaultSession {
  const { env } = environment;
  let opened: Promise<{ send: HttpSend; headers: Record<string, string> }> | undefined;
  return {
    async open(vaultAddress) {
      opened ??= openSession(environment, connect);
      const { send, headers } = await opened;
      const address = (env.VAULT_AGENT_ADDR || vaultAddress).replace(/\/+$/, '');
      return { send, headers, address };
    },
  };
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
