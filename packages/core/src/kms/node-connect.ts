import type { Connect, HttpRequest, HttpResponse, HttpSend, TlsOptions } from './http.ts';
import { type NodeHttp, tunnelThroughProxies } from './node-proxy.ts';
import { type ProxyFor, proxyHeaders } from './proxy.ts';

/** What is used of node's `http` and `https` modules. */
export interface NodeNet extends NodeHttp {
  request(url: URL, options: object): OutgoingRequest;
  request(options: object): ReturnType<NodeHttp['request']>;
  readonly Agent: new (options: object) => object;
}

interface OutgoingRequest {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'response', listener: (incoming: IncomingAnswer) => void): unknown;
  end(body?: string): unknown;
}

interface IncomingAnswer extends AsyncIterable<Buffer> {
  readonly statusCode?: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  destroy(): unknown;
}

/**
 * Gives the module for a protocol when it is first needed:
 * `(protocol) => (protocol === 'https:' ? import('node:https') : import('node:http'))`.
 */
export type LoadNet = (protocol: 'http:' | 'https:') => Promise<NodeNet>;

export interface NodeConnectOptions {
  /** Asked for every address; direct connections unless given. */
  readonly proxyFor?: ProxyFor;
}

/** No key service answers with more. */
const MAX_BODY_BYTES = 1024 * 1024;
/** More than anybody asks for by --concurrency. */
const MAX_SOCKETS = 1000;

/** Connections by node itself, kept open between requests. */
export function nodeConnect(
  load: LoadNet,
  { proxyFor = () => null }: NodeConnectOptions = {},
): Connect {
  return (tls = {}) => {
    const agents = new Map<string, object>();
    return async (request, signal) => {
      const url = new URL(request.url);
      const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
      const net = await load(protocol);
      const agent = agents.get(protocol) ?? new net.Agent(agentOptions(tls));
      if (protocol === 'https:' && !agents.has(protocol)) {
        tunnelThroughProxies(agent, await load('http:'), proxyFor);
      }
      agents.set(protocol, agent);
      const headers = headersOf(request);
      const options = { method: request.method, headers, agent, signal };
      const proxy = protocol === 'http:' ? proxyFor(url) : null;
      if (proxy === null) return exchange(net.request(url, options), request.body);
      const known = { ...headers, host: url.host, ...proxyHeaders(proxy) };
      const through = { ...options, path: url.href, headers: known };
      return exchange(net.request(proxy, through), request.body);
    };
  };
}

function agentOptions({ ca, cert, key, serverName }: TlsOptions) {
  return {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  if (body === undefined) return { ...headers };
  return { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}

function exchange(outgoing: OutgoingRequest, body: string | undefined): ReturnType<HttpSend> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => readAnswer(incoming).then(resolve, reject));
    outgoing.end(body);
  });
}

async function readAnswer(incoming: IncomingAnswer): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      incoming.destroy();
      throw Object.assign(new Error('the answer is too long'), { code: 'ERR_ANSWER_TOO_LONG' });
    }
    chunks.push(chunk);
  }
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  return { status: incoming.statusCode ?? 0, headers, body };
}
