import {
  bodyOf,
  type FakeAnswer,
  type FakeOptions,
  type FakeServer,
  startFake,
} from './fake-server.ts';

interface Secret {
  /** Contents by version id. */
  readonly versions: Map<string, string>;
  current: string;
}

export interface SecretsManagerFake extends FakeServer {
  /** The current content; null when there is no such secret. */
  valueOf(name: string): string | null;
  versionIds(name: string): readonly string[];
}

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
          secrets.set(key, { versions: new Map([[token, content]]), current: token });
          return done();
        }
        if (secret === undefined) return refuse('ResourceNotFoundException');
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
      return secret?.versions.get(secret.current) ?? null;
    },
    versionIds: (name) => [...(secrets.get(name)?.versions.keys() ?? [])],
  };
}
