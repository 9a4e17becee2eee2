import { decodeUtf8 } from '../bytes.ts';
import type { Environment } from '../ports.ts';
import { KmsFailure } from './failure.ts';
import { loadPackage } from './optional-package.ts';

export type GcpTokenSource = (signal: AbortSignal) => Promise<string>;

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const LOGIN_HINT =
  'Run `gcloud auth application-default login`, or set GOOGLE_CREDENTIALS or GOOGLE_OAUTH_ACCESS_TOKEN.';

/**
 * Access tokens as sops gets them (SOPS-FORMAT 6.5): GOOGLE_CREDENTIALS (a path or the JSON), else
 * GOOGLE_OAUTH_ACCESS_TOKEN, else application default credentials. Google's library caches and
 * renews them; it is loaded only when there is no token in the environment.
 */
export function createGcpTokenSource(environment: Environment): GcpTokenSource {
  const { env } = environment;
  let auth: Promise<{ getAccessToken(): Promise<string | null | undefined> }> | undefined;
  return async () => {
    if (!env.GOOGLE_CREDENTIALS && env.GOOGLE_OAUTH_ACCESS_TOKEN) {
      return headerText(env.GOOGLE_OAUTH_ACCESS_TOKEN.trim());
    }
    auth ??= openAuth(environment);
    const { getAccessToken } = await auth.then((opened) => ({
      getAccessToken: () => opened.getAccessToken(),
    }));
    const token = await getAccessToken().catch(() => null);
    if (typeof token === 'string' && token !== '') return headerText(token);
    throw new KmsFailure('there is no GCP access token', LOGIN_HINT);
  };
}

async function openAuth(environment: Environment) {
  const credentials = await readCredentials(environment);
  const { GoogleAuth } = await loadPackage(
    'google-auth-library',
    () => import('google-auth-library'),
  );
  const universe = environment.env.SOPS_GCP_KMS_UNIVERSE_DOMAIN;
  return new GoogleAuth({
    scopes: [SCOPE],
    ...(credentials === null ? {} : { credentials }),
    ...(universe ? { universeDomain: universe } : {}),
  });
}

async function readCredentials({ env, readFile }: Environment): Promise<object | null> {
  const given = env.GOOGLE_CREDENTIALS;
  if (!given) return null;
  const bytes = given.trimStart().startsWith('{') ? null : await readFile(given).catch(() => null);
  const text = bytes === null ? given : decodeUtf8(bytes);
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The text of a credential stays out of the error.
  }
  throw new KmsFailure(
    'GOOGLE_CREDENTIALS is neither the JSON of a credential nor a file that holds one',
    'Give the path of the key file, or its text.',
  );
}

function headerText(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new KmsFailure('the GCP access token holds what cannot be sent', LOGIN_HINT);
}
