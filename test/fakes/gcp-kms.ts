import { randomBytes } from 'node:crypto';
import {
  bodyOf,
  type FakeAnswer,
  type FakeOptions,
  type FakeRequest,
  type FakeServer,
  type Fault,
  startFake,
} from './fake-server.ts';
import { seal, unseal } from './sealing.ts';

export interface GcpKmsFake extends FakeServer {
  readonly token: string;
  /** A new primary version of the key. */
  rotate(resourceId: string): void;
  /** Every version so far answers FAILED_PRECONDITION from now on. */
  disable(resourceId: string): void;
  enable(resourceId: string): void;
  /** The primary version is to be destroyed then. */
  scheduleDestruction(resourceId: string, when: Date): void;
}

/** GCP KMS' REST interface: really wraps, in versions, for one bearer token. */
export async function startGcpKms(options: FakeOptions = {}): Promise<GcpKmsFake> {
  const token = `ya29.${randomBytes(12).toString('hex')}`;
  const versions = new Map<string, Buffer[]>();
  const disabled = new Set<string>();
  const destructions = new Map<string, Date>();
  const keyOf = (name: string): Buffer[] => {
    const known = versions.get(name) ?? [randomBytes(32)];
    versions.set(name, known);
    return known;
  };
  const answer = (request: FakeRequest, fault: Fault | undefined): FakeAnswer => {
    const found =
      /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/([^/:]+))(?::(encrypt|decrypt))?$/.exec(
        decodeURIComponent(request.url.pathname),
      );
    const [, key = '', name = '', operation = 'get'] = found ?? [];
    const reply = (status: number, body: unknown): FakeAnswer => ({ operation, key, status, body });
    const refuse = (status: number, code: string) => reply(status, errorBody(status, code));
    if (request.headers.authorization !== `Bearer ${token}`) return refuse(401, 'UNAUTHENTICATED');
    if (found === null || name === 'missing') return refuse(404, 'NOT_FOUND');
    const keys = keyOf(key);
    const destruction = destructions.get(key);
    if (operation === 'get') {
      const state = destruction ? 'DESTROY_SCHEDULED' : disabled.has(key) ? 'DISABLED' : 'ENABLED';
      const dated = destruction ? { destroyTime: destruction.toISOString() } : {};
      const version = `${key}/cryptoKeyVersions/${keys.length}`;
      return reply(200, { name: key, primary: { name: version, state, ...dated } });
    }
    if (disabled.has(key) || destruction) return refuse(400, 'FAILED_PRECONDITION');
    const body = bodyOf(request);
    if (operation === 'encrypt') {
      const plaintext = Buffer.from(String(body.plaintext), 'base64');
      const sealed = seal(keys.at(-1) ?? randomBytes(32), plaintext, key);
      const ciphertext = Buffer.concat([Buffer.from([keys.length]), sealed]).toString('base64');
      return reply(200, { name: `${key}/cryptoKeyVersions/${keys.length}`, ciphertext });
    }
    const blob = Buffer.from(String(body.ciphertext), 'base64');
    const version = keys[(blob[0] ?? 0) - 1];
    const opened = version === undefined ? null : unseal(version, blob.subarray(1), key);
    if (opened === null) return refuse(400, 'INVALID_ARGUMENT');
    const plaintext = fault?.kind === 'other-data-key' ? randomBytes(opened.length) : opened;
    return reply(200, { plaintext: plaintext.toString('base64') });
  };
  const fake = await startFake(
    { answer, error: (name, status = 400) => ({ status, body: errorBody(status, name) }) },
    options,
  );
  return {
    ...fake,
    token,
    rotate: (resourceId) => keyOf(resourceId).push(randomBytes(32)),
    disable: (resourceId) => disabled.add(resourceId),
    enable: (resourceId) => disabled.delete(resourceId),
    scheduleDestruction: (resourceId, when) => destructions.set(resourceId, when),
  };
}

function errorBody(code: number, status: string) {
  return { error: { code, status, message: 'the fake refuses' } };
}
