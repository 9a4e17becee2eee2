import { fromBase64, toBase64 } from '../bytes.ts';
import type { GcpKmsKey } from '../document/metadata.ts';
import type { KeyService } from '../keys/keyservice.ts';
import { callServer, jsonAt, textAt } from './call.ts';
import {
  type CloudAdapter,
  type CloudOptions,
  cloudCalls,
  cloudKeyService,
} from './cloud-key-service.ts';
import { crc32c } from './crc32c.ts';
import { errorName, KmsFailure, NoSuchKey } from './failure.ts';
import { gcpKeyState } from './gcp-key-state.ts';
import { createGcpTokenSource, type GcpTokenSource } from './gcp-token.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { type CloudKeyState, stateOrGone } from './key-state.ts';

export interface GcpOptions extends CloudOptions {
  /** From the environment (SOPS-FORMAT 6.5) unless given. */
  readonly accessToken?: GcpTokenSource;
}

/** GCP KMS over REST (SOPS-FORMAT 6.1). */
export interface GcpKeyService extends KeyService {
  /** Of the version that wraps, the primary one. @throws TidelockError ERR_KEY_UNWRAP, ERR_KEY_SPEC */
  keyState(key: GcpKmsKey): Promise<CloudKeyState>;
}

export function gcpKeyService(options: GcpOptions): GcpKeyService {
  const accessToken = options.accessToken ?? createGcpTokenSource(options.environment);
  const send = options.connect();
  const base = endpointOf(options.environment.env);
  const ask = async ({ key, verb, body, signal }: GcpCall): Promise<HttpResponse> => {
    const headers = { authorization: `Bearer ${await accessToken(signal)}` };
    const url = `${base}/v1/${pathOf(key.resourceId)}`;
    const request: HttpRequest =
      verb === 'get'
        ? { method: 'GET', url, headers }
        : {
            method: 'POST',
            url: `${url}:${verb}`,
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          };
    const response = await callServer(NAME, request, { send, signal });
    if (response.status !== 200) throw refusal(response, verb);
    return response;
  };
  const adapter: CloudAdapter<GcpKmsKey> = {
    type: 'gcp_kms',
    async wrap(key, dataKey, signal) {
      const body = { plaintext: toBase64(dataKey), plaintextCrc32c: String(crc32c(dataKey)) };
      const answer = await ask({ key, verb: 'encrypt', body, signal });
      const enc = textAt(NAME, answer, ['ciphertext']);
      checkSum(fromBase64(enc), jsonAt(answer.body, ['ciphertextCrc32c']));
      return enc;
    },
    async unwrap(key, signal) {
      const blob = fromBase64(key.enc.trim());
      if (blob === null || blob.length === 0) throw notOurs();
      const body = { ciphertext: toBase64(blob) };
      const answer = await ask({ key, verb: 'decrypt', body, signal });
      const dataKey = fromBase64(textAt(NAME, answer, ['plaintext']));
      checkSum(dataKey, jsonAt(answer.body, ['plaintextCrc32c']));
      return dataKey;
    },
  };
  const run = cloudCalls(options);
  const describe = async (key: GcpKmsKey, signal: AbortSignal) =>
    gcpKeyState((await ask({ key, verb: 'get', signal })).body);
  return {
    ...cloudKeyService(adapter, options),
    keyState: (key) => run(key, 'ERR_KEY_UNWRAP', (signal) => stateOrGone(describe(key, signal))),
  };
}

const NAME = 'GCP KMS';

interface GcpCall {
  readonly key: GcpKmsKey;
  /** `get` reads the key and sends no body. */
  readonly verb: 'encrypt' | 'decrypt' | 'get';
  readonly body?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** `SOPS_GCP_KMS_ENDPOINT`, or the service of the universe domain. */
function endpointOf(env: Readonly<Record<string, string | undefined>>): string {
  const given = (env.SOPS_GCP_KMS_ENDPOINT ?? '').replace(/\/+$/, '');
  if (given !== '') return /^https?:\/\//.test(given) ? given : `https://${given}`;
  return `https://cloudkms.${env.SOPS_GCP_KMS_UNIVERSE_DOMAIN || 'googleapis.com'}`;
}

function pathOf(resourceId: string): string {
  const segments = resourceId.split('/');
  if (segments.some((segment) => segment === '.' || segment === '..')) {
    throw new KmsFailure('the resource id is malformed', RESOURCE_HINT);
  }
  // A project of an organisation holds a colon: example.com:name
  return segments.map((segment) => encodeURIComponent(segment).replaceAll('%3A', ':')).join('/');
}

const RESOURCE_HINT =
  'Expected projects/<p>/locations/<l>/keyRings/<r>/cryptoKeys/<k>; check it in .sops.yaml.';

/** The service sends sums of what it sent; a fake or a proxy need not. */
function checkSum(bytes: Uint8Array | null, sum: unknown): asserts bytes is Uint8Array {
  const isIntact =
    bytes !== null && (sum === undefined || sum === null || String(sum) === String(crc32c(bytes)));
  if (!isIntact)
    throw new KmsFailure('the answer of GCP KMS was damaged on its way', 'Try again.', {});
}

function notOurs(): KmsFailure {
  return new KmsFailure(
    'the wrapped key is not one of GCP KMS',
    'Restore the sops block from an earlier commit.',
  );
}

function refusal({ status, body }: HttpResponse, verb: GcpCall['verb']): KmsFailure {
  const name = errorName(jsonAt(body, ['error', 'status'])) ?? String(status);
  if (status === 401) {
    const hint = 'Run `gcloud auth application-default login`, or renew GOOGLE_OAUTH_ACCESS_TOKEN.';
    return new KmsFailure('GCP KMS does not accept the access token (401)', hint);
  }
  if (status === 403) {
    const role = verb === 'get' ? 'viewer' : 'cryptoKeyEncrypterDecrypter';
    const hint = `Grant roles/cloudkms.${role} on the key to this identity.`;
    return new KmsFailure('GCP KMS denies permission (403)', hint);
  }
  if (status === 404 && name === 'NOT_FOUND')
    return new NoSuchKey('GCP KMS knows no such key (404)', RESOURCE_HINT);
  if (name === 'FAILED_PRECONDITION') {
    const hint = 'Enable the key version, or decrypt with another master key.';
    return new KmsFailure('the key version is disabled or destroyed', hint);
  }
  if (name === 'INVALID_ARGUMENT') {
    const hint = 'It was wrapped by another key or is damaged: restore it from an earlier commit.';
    return new KmsFailure('GCP KMS cannot open this wrapped key', hint);
  }
  return new KmsFailure(`GCP KMS answered ${status} ${name}`, RESOURCE_HINT);
}
