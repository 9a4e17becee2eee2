import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import {
  bodyOf,
  type FakeAnswer,
  type FakeOptions,
  type FakeRequest,
  type FakeServer,
  type Fault,
  startFake,
} from './fake-server.ts';

export interface AzureKeyVaultFake extends FakeServer {
  readonly token: string;
  /** A new current version; its name. */
  rotate(name: string): string;
  disable(name: string): void;
  enable(name: string): void;
  /** From when on, and until when, it encrypts. */
  setTimes(name: string, times: { readonly nbf?: Date; readonly exp?: Date }): void;
}

interface Version {
  readonly version: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const OAEP = { oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING };

/**
 * Key Vault's REST interface with real RSA keys. A request without a token gets the challenge that
 * Azure's clients wait for.
 */
export async function startAzureKeyVault(options: FakeOptions = {}): Promise<AzureKeyVaultFake> {
  const token = randomBytes(12).toString('hex');
  const keys = new Map<string, Version[]>();
  const disabled = new Set<string>();
  const times = new Map<string, { readonly nbf?: Date; readonly exp?: Date }>();
  const add = (name: string): Version => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const version = { ...pair, version: randomBytes(16).toString('hex') };
    keys.set(name, [...(keys.get(name) ?? []), version]);
    return version;
  };
  const answer = (request: FakeRequest, fault: Fault | undefined): FakeAnswer => {
    const [, , name = '', wanted = '', verb = ''] = request.url.pathname.split('/');
    const operation = verb === '' ? 'get' : verb;
    const key = `${name}/${wanted}`;
    const reply = (status: number, body: unknown): FakeAnswer => ({ operation, key, status, body });
    const refuse = (status: number, code: string) =>
      reply(status, { error: { code, message: 'the fake refuses' } });
    if (request.headers.authorization !== `Bearer ${token}`) {
      return {
        ...refuse(401, 'Unauthorized'),
        headers: { 'www-authenticate': challenge(request) },
      };
    }
    if (name === 'missing') return refuse(404, 'KeyNotFound');
    if (!keys.has(name)) add(name);
    const versions = keys.get(name) ?? [];
    const found =
      wanted === '' ? versions.at(-1) : versions.find(({ version }) => version === wanted);
    if (found === undefined) return refuse(404, 'KeyNotFound');
    const kid = `https://${request.headers.host ?? ''}/keys/${name}/${found.version}`;
    const { nbf, exp } = times.get(name) ?? {};
    if (operation === 'get') {
      const attributes = { enabled: !disabled.has(name), ...seconds({ nbf, exp }) };
      return reply(200, { ...description(kid, found), attributes });
    }
    const isOver = (exp ?? FAR) <= new Date() || (nbf ?? PAST) > new Date();
    if (operation === 'encrypt' && isOver)
      return reply(403, { error: { code: 'Forbidden', innererror: { code: 'KeyExpired' } } });
    if (disabled.has(name)) {
      return reply(403, { error: { code: 'Forbidden', innererror: { code: 'KeyDisabled' } } });
    }
    const body = bodyOf(request);
    if (body.alg !== 'RSA-OAEP-256') return refuse(400, 'BadParameter');
    const value = Buffer.from(String(body.value), 'base64url');
    const result =
      operation === 'decrypt'
        ? open(found, value)
        : publicEncrypt({ key: found.publicKey, ...OAEP }, value);
    if (result === null) return refuse(400, 'BadParameter');
    const lies = operation === 'decrypt' && fault?.kind === 'other-data-key';
    const shown = lies ? randomBytes(result.length) : result;
    return reply(200, { kid, value: shown.toString('base64url') });
  };
  const fake = await startFake(
    { answer, error: (code, status = 400) => ({ status, body: { error: { code } } }) },
    options,
  );
  return {
    ...fake,
    token,
    rotate: (name) => add(name).version,
    disable: (name) => disabled.add(name),
    enable: (name) => disabled.delete(name),
    setTimes: (name, given) => times.set(name, given),
  };
}

function open({ privateKey }: Version, value: Buffer): Buffer | null {
  try {
    return privateDecrypt({ key: privateKey, ...OAEP }, value);
  } catch {
    return null;
  }
}

function description(kid: string, { publicKey }: Version) {
  const { n, e } = publicKey.export({ format: 'jwk' });
  return { key: { kid, kty: 'RSA', key_ops: ['encrypt', 'decrypt'], n, e } };
}

const [PAST, FAR] = [new Date(0), new Date('9999-01-01T00:00:00Z')];

const seconds = (times: Readonly<Record<string, Date | undefined>>) =>
  Object.fromEntries(
    Object.entries(times).flatMap(([name, time]) =>
      time === undefined ? [] : [[name, Math.floor(time.getTime() / 1000)]],
    ),
  );

function challenge({ headers }: FakeRequest): string {
  const domain = (headers.host ?? '').replace(/^[^.]*\./, '');
  return `Bearer authorization="https://login.microsoftonline.com/fake", resource="https://${domain}"`;
}
