import { type ProxyFor, proxyHeaders } from './proxy.ts';

/** What is used of node's `http` module. */
export interface NodeHttp {
  request(options: object): ProxyRequest;
}

interface ProxyRequest {
  once(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'connect', listener: (answer: ProxyAnswer, socket: Tunnel) => void): unknown;
  once(event: 'response', listener: (answer: ProxyAnswer) => void): unknown;
  end(): unknown;
  destroy(): unknown;
}

interface ProxyAnswer {
  readonly statusCode?: number | undefined;
}

interface Tunnel {
  destroy(): unknown;
}

type Connected = (error: Error | null, socket?: unknown) => void;
type CreateConnection = (options: object, connected: Connected) => unknown;

/** An agent of node's `https` module, as it is and as it may be changed. */
export interface TunnelledAgent {
  createConnection?: CreateConnection;
}

/** Has an agent of `https` reach hosts through the proxy that is theirs; TLS goes through to the host. */
export function tunnelThroughProxies<A extends object>(
  agent: A & TunnelledAgent,
  http: NodeHttp,
  proxyFor: ProxyFor,
): A {
  const direct = agent.createConnection;
  if (direct === undefined) return agent;
  agent.createConnection = (options, connected) => {
    const authority = authorityOf(options);
    let proxy: URL | null;
    try {
      proxy = proxyFor(new URL(`https://${authority}`));
    } catch (error) {
      connected(error instanceof Error ? error : new Error('no proxy'));
      return undefined;
    }
    if (proxy === null) return direct.call(agent, options, connected);
    openTunnel({ http, proxy, authority }, (error, socket) => {
      if (error !== null) connected(error);
      else
        connected(
          null,
          direct.call(agent, { ...options, socket }, () => undefined),
        );
    });
    return undefined;
  };
  return agent;
}

function openTunnel(
  { http, proxy, authority }: { readonly http: NodeHttp; readonly proxy: URL; authority: string },
  opened: Connected,
): void {
  const request = http.request({
    method: 'CONNECT',
    host: proxy.hostname,
    port: proxy.port === '' ? 80 : Number(proxy.port),
    path: authority,
    headers: { host: authority, ...proxyHeaders(proxy) },
    agent: false,
  });
  const refused = (status: number | undefined) =>
    Object.assign(new Error('the proxy refuses'), { code: `ERR_PROXY_${status ?? 0}` });
  request.once('error', opened);
  request.once('response', ({ statusCode }) => {
    request.destroy();
    opened(refused(statusCode));
  });
  request.once('connect', ({ statusCode }, socket) => {
    if (statusCode === 200) return opened(null, socket);
    socket.destroy();
    opened(refused(statusCode));
  });
  request.end();
}

function authorityOf(options: object): string {
  const { host = '', port = 443 }: { host?: string; port?: number } = options;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
