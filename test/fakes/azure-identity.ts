import { randomBytes } from 'node:crypto';
import { type FakeServer, startFake } from './fake-server.ts';

const HOUR_S = 3600;

/** The endpoint by which a machine in Azure gets its access tokens: gives out the one token. */
export async function startAzureIdentity(
  token: string,
): Promise<FakeServer & { readonly header: string }> {
  const header = randomBytes(8).toString('hex');
  const fake = await startFake({
    answer: ({ headers }) => {
      const isKnown = headers['x-identity-header'] === header;
      const expires = Math.floor(Date.now() / 1000) + HOUR_S;
      const body = { access_token: token, expires_on: String(expires), token_type: 'Bearer' };
      return { operation: 'token', key: '', status: isKnown ? 200 : 401, body };
    },
    error: (name, status = 400) => ({ status, body: { error: name } }),
  });
  return { ...fake, header };
}
