import { randomBytes } from 'node:crypto';
import { bodyOf, type FakeOptions, type FakeServer, startFake } from './fake-server.ts';

export interface VaultKvFake extends FakeServer {
  readonly token: string;
  /** By path below `/v1/`, `data/` of version 2 included. */
  valuesAt(path: string): unknown;
  /** Writes without a call. */
  put(path: string, values: unknown): void;
  /** Namespaces that were asked for, one a call; '' for none. */
  readonly namespaces: string[];
}

/** Vault's key-value engines: `kv1/` in version 1, every other mount in version 2, for one token. */
export async function startVaultKv(options: FakeOptions = {}): Promise<VaultKvFake> {
  const token = `hvs.${randomBytes(12).toString('hex')}`;
  const kept = new Map<string, unknown>();
  const older = new Map<string, unknown[]>();
  const namespaces: string[] = [];
  const write = (key: string, values: unknown) => {
    if (kept.has(key)) older.set(key, [...(older.get(key) ?? []), kept.get(key)]);
    kept.set(key, values);
  };
  const fake = await startFake(
    {
      answer: (request) => {
        const key = decodeURIComponent(request.url.pathname).replace(/^\/v1\//, '');
        const { method } = request;
        const reply = (status: number, body: unknown) => ({ operation: method, key, status, body });
        if (request.headers['x-vault-token'] !== token) {
          return reply(403, { errors: ['permission denied'] });
        }
        namespaces.push(String(request.headers['x-vault-namespace'] ?? ''));
        const isOld = key.startsWith('kv1/');
        if (request.url.searchParams.get('list') === 'true') {
          const keys = keysBelow([...kept.keys()], `${key.replace('/metadata', '/data')}/`);
          return reply(keys.length === 0 ? 404 : 200, { data: { keys } });
        }
        if (method === 'GET') {
          if (!kept.has(key)) return reply(404, { errors: [] });
          const version = request.url.searchParams.get('version');
          const past = older.get(key) ?? [];
          const values = [...past, kept.get(key)].at(version === null ? -1 : Number(version) - 1);
          if (values === undefined) return reply(404, { errors: [] });
          return reply(200, { data: isOld ? values : { data: values, metadata: { version: 1 } } });
        }
        const body = bodyOf(request);
        if (!isOld && typeof body.data !== 'object') return reply(400, { errors: ['no data'] });
        write(key, isOld ? body : body.data);
        return isOld ? reply(204, '') : reply(200, { data: { version: 1 } });
      },
      error: (name, status = 400) => ({ status, body: { errors: [name] } }),
    },
    options,
  );
  return { ...fake, token, namespaces, valuesAt: (path) => kept.get(path), put: write };
}

/** As a list of Vault has them: folders end in a slash. */
function keysBelow(paths: readonly string[], folder: string): string[] {
  const below = paths.flatMap((path) =>
    path.startsWith(folder) ? [path.slice(folder.length)] : [],
  );
  return [...new Set(below.map((path) => path.replace(/\/.*$/s, '/')))];
}
