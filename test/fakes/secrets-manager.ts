import {
  bodyOf,
  type FakeAnswer,
  type FakeOptions,
  type FakeServer,
  startFake,
} from './fake-server.ts';

interface Secret {
  /** Contents by version id; bytes where they are no text. */
  readonly versions: Map<string, string | Uint8Array>;
  current: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SecretsManagerFake extends FakeServer {
  /** The current content; null when there is no such secret. */
  valueOf(name: string): string | null;
  versionIds(name: string): readonly string[];
  /** Makes a secret, or its next version, without a call. */
  put(name: string, content: string | Uint8Array, tags?: Readonly<Record<string, string>>): void;
}

/** The account of every secret. */
export const FAKE_ACCOUNT = '123456789012';

/** Secrets Manager's JSON 1.1 interface: versions by request token, one of them current. */
export async function startSecretsManager(options: FakeOptions = {}): Promise<SecretsManagerFake> {
  const secrets = new Map<string, Secret>();
  const error = (name: string, status = 400): Pick<FakeAnswer, 'status' | 'body' | 'headers'> => ({
    status,
    body: { __type: name, message: 'the fake refuses' },
    headers: { 'x-amzn-errortype': name },
  });
  const fake = await startFake(
    {
      answer: (request) => {
        const target = String(request.headers['x-amz-target'] ?? '');
        const operation = target.replace(/^secretsmanager\./, '');
        const body = bodyOf(request);
        const key = String(body.SecretId ?? body.Name ?? '');
        const secret = secrets.get(key);
        const token = String(body.ClientRequestToken ?? '');
        const content = String(body.SecretString ?? body.SecretBinary ?? '');
        const done = (result: object = {}) => ({ operation, key, status: 200, body: result });
        const refuse = (name: string) => ({ operation, key, ...error(name) });
        if (operation === 'CreateSecret') {
          if (secret !== undefined) return refuse('ResourceExistsException');
          secrets.set(key, { versions: new Map([[token, content]]), current: token, tags: {} });
          return done();
        }
        if (operation === 'ListSecrets') return done(listed(secrets, body));
        if (secret === undefined) return refuse('ResourceNotFoundException');
        if (operation === 'GetSecretValue') {
          const region = /\/\d{8}\/([a-z0-9-]+)\//.exec(request.headers.authorization ?? '')?.[1];
          const value = secret.versions.get(String(body.VersionId ?? secret.current));
          if (value === undefined) return refuse('ResourceNotFoundException');
          const ARN = `arn:aws:secretsmanager:${region}:${FAKE_ACCOUNT}:secret:${key}-AbCdEf`;
          return typeof value === 'string'
            ? done({ ARN, Name: key, SecretString: value })
            : done({ ARN, Name: key, SecretBinary: Buffer.from(value).toString('base64') });
        }
        if (operation === 'DescribeSecret') {
          const stages = [...secret.versions.keys()].map((id) => [
            id,
            id === secret.current ? ['AWSCURRENT'] : [],
          ]);
          return done({ Name: key, VersionIdsToStages: Object.fromEntries(stages) });
        }
        if (operation === 'PutSecretValue') {
          const known = secret.versions.get(token);
          if (known !== undefined && known !== content) return refuse('ResourceExistsException');
          // A version that is there already is left alone, its labels too.
          if (known === undefined) secret.current = token;
          secret.versions.set(token, content);
          return done();
        }
        if (operation !== 'UpdateSecretVersionStage') return refuse('UnknownOperationException');
        if (body.RemoveFromVersionId !== secret.current) return refuse('InvalidParameterException');
        secret.current = String(body.MoveToVersionId);
        return done();
      },
      error,
    },
    options,
  );
  return {
    ...fake,
    valueOf: (name) => {
      const secret = secrets.get(name);
      const value = secret?.versions.get(secret.current);
      return value === undefined ? null : String(value);
    },
    versionIds: (name) => [...(secrets.get(name)?.versions.keys() ?? [])],
    put(name, content, tags = {}) {
      const versions = secrets.get(name)?.versions ?? new Map<string, string | Uint8Array>();
      const current = `version-${versions.size + 1}`;
      secrets.set(name, { versions: versions.set(current, content), current, tags });
    },
  };
}

const PAGE = 2;

/** By beginning of the name and by tags, two at a time. */
function listed(secrets: ReadonlyMap<string, Secret>, body: Record<string, unknown>): object {
  const filters = Array.isArray(body.Filters) ? (body.Filters as unknown[]) : [];
  const wanted = filters.map((one) => one as { Key: string; Values: string[] });
  const found = [...secrets].filter(([name, { tags }]) =>
    wanted.every(({ Key, Values }) => {
      const [value = ''] = Values;
      if (Key === 'name') return name.startsWith(value);
      return (Key === 'tag-key' ? Object.keys(tags) : Object.values(tags)).includes(value);
    }),
  );
  const from = Number(body.NextToken ?? 0);
  const SecretList = found.slice(from, from + PAGE).map(([Name]) => ({ Name }));
  const isLast = from + PAGE >= found.length;
  return { SecretList, ...(isLast ? {} : { NextToken: String(from + PAGE) }) };
}
