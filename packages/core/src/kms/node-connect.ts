import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Agent, RequestOptions } from 'node:https';
import type { Connect, HttpRequest, HttpResponse, HttpSend, TlsOptions } from './http.ts';

/** No key service answers with more. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_SOCKETS = 16;

/** Connections by node itself; they are kept open between requests and never keep a process alive. */
export function nodeConnect(): Connect {
  return (tls = {}) => {
    const agents = new Map<string, Agent>();
    return async (request, signal) => {
      const url = new URL(request.url);
      const isTls = url.protocol === 'https:';
      const node = isTls ? await import('node:https') : await import('node:http');
      const agent = agents.get(url.protocol) ?? new node.Agent(agentOptions(tls));
      agents.set(url.protocol, agent as Agent);
      const options = { method: request.method, headers: headersOf(request), agent, signal };
      return exchange(node.request(url, options as RequestOptions), request.body);
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

function exchange(outgoing: ClientRequest, body: string | undefined): ReturnType<HttpSend> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => readResponse(incoming).then(resolve, reject));
    outgoing.end(body);
  });
}

async function readResponse(incoming: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
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
  return {
    status: incoming.statusCode ?? 0,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
