import { describe, expect, it } from 'vitest';
import { proxyFromEnvironment, proxyHeaders } from '../../src/kms/proxy.ts';

const PROXY = 'http://proxy.example.com:3128';
const proxyOf = (env: Record<string, string>, url: string) =>
  proxyFromEnvironment(env)(new URL(url))?.host ?? null;

describe('proxyFromEnvironment', () => {
  it.each([
    [{}, 'https://a.example.com', null],
    [{ HTTPS_PROXY: PROXY }, 'https://a.example.com', 'proxy.example.com:3128'],
    [{ https_proxy: PROXY }, 'https://a.example.com', 'proxy.example.com:3128'],
    [{ HTTPS_PROXY: 'proxy.example.com:3128' }, 'https://a.example.com', 'proxy.example.com:3128'],
    [{ HTTPS_PROXY: PROXY }, 'http://a.example.com', null],
    [{ HTTP_PROXY: PROXY }, 'http://a.example.com', 'proxy.example.com:3128'],
    [{ HTTPS_PROXY: PROXY }, 'https://localhost:8200', null],
    [{ HTTPS_PROXY: PROXY }, 'https://127.0.0.5', null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '*' }, 'https://a.example.com', null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'example.com' }, 'https://a.example.com', null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: '.example.com' }, 'https://a.example.com', null],
    [{ HTTPS_PROXY: PROXY, NO_PROXY: 'x, *.example.com' }, 'https://a.example.com', null],
    [{ HTTPS_PROXY: PROXY, no_proxy: 'a.example.com:443' }, 'https://a.example.com', null],
    [
      { HTTPS_PROXY: PROXY, NO_PROXY: 'a.example.com:8443' },
      'https://a.example.com',
      'proxy.example.com:3128',
    ],
    [
      { HTTPS_PROXY: PROXY, NO_PROXY: 'ample.com' },
      'https://a.example.com',
      'proxy.example.com:3128',
    ],
  ])('%o leads %s by %s', (env, url, proxy) => {
    expect(proxyOf(env, url)).toBe(proxy);
  });

  it.each(['https://proxy.example.com', 'socks5://proxy.example.com', 'http://'])(
    'says that %s cannot be used',
    (proxy) => {
      expect(() => proxyOf({ HTTPS_PROXY: proxy }, 'https://a.example.com')).toThrow(
        expect.objectContaining({ code: 'ERR_PROXY' }),
      );
    },
  );

  it('knows us by what the address holds', () => {
    expect(proxyHeaders(new URL(PROXY))).toEqual({});
    const known = Object.assign(new URL(PROXY), { username: 'a', password: 'b@c' });
    const basic = `Basic ${Buffer.from('a:b@c').toString('base64')}`;
    expect(proxyHeaders(known)).toEqual({ 'proxy-authorization': basic });
  });
});
