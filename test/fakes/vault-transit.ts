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

export interface VaultTransitFake extends FakeServer {
  readonly token: string;
  /** `engine/name`; a new version becomes the one that wraps. */
  rotate(key: string): void;
  /** `engine/name`; no version is opened or wrapped with from now on. */
  disable(key: string): void;
  enable(key: string): void;
  /** `engine/name`; older versions are opened no more. */
  openFrom(key: string, version: number): void;
  /** Every token header value that arrived. */
  readonly tokensSeen: string[];
}

const TOO_OLD = 'ciphertext or signature version is disallowed by policy (too old)';

/** Vault's transit engine: really wraps, in versions, for one token. Keys are made on first use. */
export async function startVaultTransit(options: FakeOptions = {}): Promise<VaultTransitFake> {
  const token = `hvs.${randomBytes(12).toString('hex')}`;
  const versions = new Map<string, Buffer[]>();
  const tokensSeen: string[] = [];
  const disabled = new Set<string>();
  const oldest = new Map<string, number>();
  const keyOf = (name: string): Buffer[] => {
    const known = versions.get(name) ?? [randomBytes(32)];
    versions.set(name, known);
    return known;
  };
  const answer = (request: FakeRequest, fault: Fault | undefined): FakeAnswer => {
    const found = /^\/v1\/(.+)\/(encrypt|decrypt|rewrap|keys)\/([^/]+)$/.exec(
      decodeURIComponent(request.url.pathname),
    );
    const [, engine = '', operation = 'unknown', name = ''] = found ?? [];
    const key = `${engine}/${name}`;
    const sent = request.headers['x-vault-token'];
    tokensSeen.push(String(sent));
    const reply = (status: number, body: unknown): FakeAnswer => ({ operation, key, status, body });
    const refuse = (status: number, message: string) => reply(status, { errors: [message] });
    if (sent !== token) return refuse(403, 'permission denied');
    if (found === null) return refuse(404, 'no handler for route');
    if (name === 'missing')
      return operation === 'keys'
        ? reply(404, { errors: [] })
        : refuse(400, 'encryption key not found');
    if (disabled.has(key)) return refuse(400, TOO_OLD);
    const keys = keyOf(key);
    const body = bodyOf(request);
    const openedFrom = oldest.get(key) ?? 1;
    if (operation === 'keys')
      return reply(200, {
        data: { latest_version: keys.length, min_decryption_version: openedFrom },
      });
    const wrap = (plaintext: Buffer) => {
      const sealed = seal(keys.at(-1) ?? randomBytes(32), plaintext, key);
      return reply(200, {
        data: { ciphertext: `vault:v${keys.length}:${sealed.toString('base64')}` },
      });
    };
    if (operation === 'encrypt') return wrap(Buffer.from(String(body.plaintext), 'base64'));
    const [, version = '0', sealed = ''] =
      /^vault:v(\d+):(.*)$/.exec(String(body.ciphertext)) ?? [];
    if (Number(version) < openedFrom) return refuse(400, TOO_OLD);
    const with_ = keys[Number(version) - 1];
    const opened = with_ === undefined ? null : unseal(with_, Buffer.from(sealed, 'base64'), key);
    if (opened === null) return refuse(400, 'cipher: message authentication failed');
    if (operation === 'rewrap') return wrap(opened);
    const plaintext = fault?.kind === 'other-data-key' ? randomBytes(opened.length) : opened;
    return reply(200, { data: { plaintext: plaintext.toString('base64') } });
  };
  const fake = await startFake(
    { answer, error: (name, status = 400) => ({ status, body: { errors: [name] } }) },
    options,
  );
  return {
    ...fake,
    token,
    tokensSeen,
    rotate: (key) => keyOf(key).push(randomBytes(32)),
    disable: (key) => disabled.add(key),
    enable: (key) => disabled.delete(key),
    openFrom: (key, version) => oldest.set(key, version),
  };
}
