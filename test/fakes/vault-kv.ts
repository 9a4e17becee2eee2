import { randomBytes } from 'node:crypto';
import { bodyOf, type FakeOptions, type FakeServer, startFake } from './fake-server.ts';

export interface VaultKvFake extends FakeServer {
  readonly token: string;
  /** By path below `/v1/`, `data/` of version 2 included. */
  valuesAt(path: string): unknown;
}

/** Vault's key-value engines: `kv1/` in version 1, every other mount in version 2, for one token. */
export async function startVaultKv(options: FakeOptions = {}): Promise<VaultKvFake> {
  const token = `hvs.${randomBytes(12).toString('hex')}`;
  const kept = new Map<string, unknown>();
  const fake = await startFake(
    {
      answer: (request) => {
        const key = decodeURIComponent(request.url.pathname).replace(/^\/v1\//, '');
        const { method } = request;
        const reply = (status: number, body: unknown) => ({ operation: method, key, status, body });
        if (request.headers['x-vault-token'] !== token) {
          return reply(403, { errors: ['permission denied'] });
        }
        const isOld = key.startsWith('kv1/');
        if (method === 'GET') {
          if (!kept.has(key)) return reply(404, { errors: [] });
          const values = kept.get(key);
          return reply(200, { data: isOld ? values : { data: values, metadata: { version: 1 } } });
        }
        const body = bodyOf(request);
        if (!isOld && typeof body.data !== 'object') return reply(400, { errors: ['no data'] });
        kept.set(key, isOld ? body : body.data);
        return isOld ? reply(204, '') : reply(200, { data: { version: 1 } });
      },
      error: (name, status = 400) => ({ status, body: { errors: [name] } }),
    },
    options,
  );
  return { ...fake, token, valuesAt: (path) => kept.get(path) };
}
