import { KmsFailure } from './failure.ts';
import type { HttpRequest, HttpResponse, HttpSend } from './http.ts';

/**
 * One request to a key service. `name` is how messages call it.
 * @throws KmsFailure when there is no answer, or one that asks to come back
 */
export async function callServer(
  name: string,
  request: HttpRequest,
  { send, signal }: { readonly send: HttpSend; readonly signal: AbortSignal },
): Promise<HttpResponse> {
  let response: HttpResponse;
  try {
    response = await send(request, signal);
  } catch (error) {
    throw noAnswer(name, error);
  }
  const { status } = response;
  if (status === 429 || status === 408) {
    throw new KmsFailure(`${name} is throttling (${status})`, BUSY_HINT, again(response));
  }
  if (status >= 500) throw new KmsFailure(`${name} answered ${status}`, BUSY_HINT, again(response));
  return response;
}

const BUSY_HINT = 'Try again later, or with a lower --concurrency.';

function again({ headers }: HttpResponse): { readonly afterMs?: number } {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { afterMs: seconds * 1000 } : {};
}

const CONNECTION_ERRORS = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
]);

function noAnswer(name: string, error: unknown): KmsFailure {
  if (error instanceof KmsFailure) return error;
  const code = codeOf(error);
  if (code === 'ABORT_ERR' || code === '23') {
    return new KmsFailure(`${name} did not answer in time`, 'Check the network and try again.', {});
  }
  if (CONNECTION_ERRORS.has(code)) {
    return new KmsFailure(`${name} cannot be reached (${code})`, REACH_HINT, {});
  }
  if (/^ERR_PROXY/.test(code)) {
    return new KmsFailure(`the proxy on the way to ${name} refuses (${code})`, PROXY_HINT);
  }
  if (/CERT|TLS|SSL|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) {
    return new KmsFailure(
      `the certificate of ${name} is not trusted (${code})`,
      'Name its authority in VAULT_CACERT (Vault) or NODE_EXTRA_CA_CERTS.',
    );
  }
  return new KmsFailure(`${name} cannot be reached (${code})`, REACH_HINT);
}

const PROXY_HINT = 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.';
const REACH_HINT = 'Check the address of the key and the network.';

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'ABORT_ERR';
  const code = 'code' in error ? String(error.code) : '';
  return /^[A-Z0-9_]{1,64}$/.test(code) ? code : 'unknown';
}

/** A value of a JSON answer by its path, or undefined; never one of a prototype. */
export function jsonAt(body: string, path: readonly string[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}

/** The text at that path of the answer. @throws KmsFailure when there is none */
export function textAt(name: string, { body }: HttpResponse, path: readonly string[]): string {
  const text = jsonAt(body, path);
  if (typeof text === 'string' && text !== '') return text;
  throw new KmsFailure(
    `the answer of ${name} lacks \`${path.join('.')}\``,
    'Check that the address is that of a key service.',
  );
}
