import { KmsFailure } from './failure.ts';
import { loadPackage } from './optional-package.ts';

export type AzureTokenSource = (scope: string, signal: AbortSignal) => Promise<string>;

/** A token is renewed when it has less than this left. */
const RENEW_MS = 60_000;

interface Token {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** Access tokens by Azure's default credential (SOPS-FORMAT 6.5), one at a time for each scope. */
export function createAzureTokenSource(now: () => number = Date.now): AzureTokenSource {
  const tokens = new Map<string, Promise<Token>>();
  return async (scope, signal) => {
    let pending = tokens.get(scope);
    const current = await pending?.catch(() => null);
    if (!current || current.expiresOnTimestamp - now() < RENEW_MS) {
      // Another call may have begun a new one meanwhile.
      if (tokens.get(scope) === pending) tokens.set(scope, fetchToken(scope, signal));
      pending = tokens.get(scope);
    }
    const token = await pending;
    if (token !== undefined) return token.token;
    throw noToken();
  };
}

async function fetchToken(scope: string, abortSignal: AbortSignal): Promise<Token> {
  const { DefaultAzureCredential } = await loadPackage(
    '@azure/identity',
    () => import('@azure/identity'),
  );
  const token = await new DefaultAzureCredential()
    .getToken(scope, { abortSignal })
    .catch(() => null);
  if (token !== null && /^[\x21-\x7e]+$/.test(token.token)) return token;
  throw noToken();
}

function noToken(): KmsFailure {
  return new KmsFailure(
    'there is no Azure access token',
    'Run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.',
  );
}
