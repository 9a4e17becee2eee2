import { createPrivateKey } from 'node:crypto';
import { forgeError } from './forge-error.ts';
import type { GithubCredential } from './github-client.ts';

/**
 * An App where one is given, else a token. Never from an argument: other processes see those.
 * @throws TidelockError ERR_FORGE_TOKEN
 */
export function findCredential(
  env: Readonly<Record<string, string | undefined>>,
): GithubCredential {
  const appId = env.TIDELOCK_APP_ID || undefined;
  const key = env.TIDELOCK_APP_PRIVATE_KEY || undefined;
  if (appId !== undefined && key !== undefined)
    return {
      kind: 'app',
      appId,
      privateKey: readKey(key),
      installationId: env.TIDELOCK_APP_INSTALLATION_ID || null,
    };
  const token = env.TIDELOCK_TOKEN || env.GH_TOKEN || env.GITHUB_TOKEN || undefined;
  if (token !== undefined) return { kind: 'token', token: token.trim() };
  throw forgeError('ERR_FORGE_TOKEN', 'there is no token for the forge', {
    hint: 'Set TIDELOCK_APP_ID and TIDELOCK_APP_PRIVATE_KEY (a GitHub App with contents and pull requests read and write), or TIDELOCK_TOKEN.',
  });
}

/** Where line breaks cannot be kept they are often written as `\n`. */
function readKey(text: string): string {
  try {
    const key = createPrivateKey(text.replaceAll('\\n', '\n'));
    return key.export({ type: 'pkcs8', format: 'pem' }).toString();
  } catch {
    throw forgeError('ERR_FORGE_TOKEN', 'TIDELOCK_APP_PRIVATE_KEY is no private key', {
      hint: 'Put in the whole PEM file that GitHub gave for the App.',
    });
  }
}
