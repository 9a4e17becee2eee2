import type { Environment } from '../ports.ts';

/** The proxy for a request, or null for a direct one. */
export type ProxyFor = (url: URL) => URL | null;

/**
 * HTTPS_PROXY, HTTP_PROXY and NO_PROXY in either case, as Go programs and curl read them: the loopback
 * is never asked for through a proxy; NO_PROXY holds hosts, domains with what lies below them,
 * `host:port`, or `*`. A proxy that is no `http:` address is an error when it is first needed.
 */
export function proxyFromEnvironment(env: Environment['env']): ProxyFor {
  const read = (name: string) => env[name] || env[name.toLowerCase()] || '';
  const direct = read('NO_PROXY')
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  return (url) => {
    const proxy = read(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
    if (proxy === '' || isLoopback(url.hostname)) return null;
    if (direct.some((entry) => coversHost(entry, url))) return null;
    const address = proxy.includes('://') ? proxy : `http://${proxy}`;
    if (URL.canParse(address) && new URL(address).protocol === 'http:') return new URL(address);
    throw Object.assign(new Error('the proxy is not an http address'), { code: 'ERR_PROXY' });
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

function coversHost(entry: string, { hostname, port, protocol }: URL): boolean {
  if (entry === '*') return true;
  const [, name = '', at] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const actual = port || (protocol === 'https:' ? '443' : '80');
  if (at !== undefined && at !== actual) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
}

/** The header by which a proxy knows us, from the user name and password in its address. */
export function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
