import { describe, expect, it } from 'vitest';
import { findTarget, type TargetSources } from '../../src/forge/forge-target.ts';

const target = (sources: Partial<TargetSources>) =>
  findTarget({ repository: undefined, apiUrl: undefined, env: {}, remote: null, ...sources });
const shop = { owner: 'acme', name: 'shop' };

describe('where the forge is', () => {
  it.each([
    'https://github.com/acme/shop.git',
    'https://github.com/acme/shop/',
    'https://dana@github.com/acme/shop',
    'ssh://git@github.com:22/acme/shop.git',
    'git@github.com:acme/shop.git',
    'github.com:acme/shop',
  ])('is told by the remote %s', (remote) => {
    expect(target({ remote })).toEqual({ apiUrl: 'https://api.github.com', repository: shop });
  });

  it('is told by a flag, before the environment, before the remote', () => {
    const remote = 'git@github.com:other/one.git';
    const env = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_API_URL: 'https://ghe.example/api/v3/' };
    expect(target({ remote, env })).toEqual({
      apiUrl: 'https://ghe.example/api/v3',
      repository: shop,
    });
    const apiUrl = 'https://proxy.example/ghe/api/v3';
    expect(target({ remote, env, apiUrl, repository: 'a/b' })).toEqual({
      apiUrl,
      repository: { owner: 'a', name: 'b' },
    });
  });

  it.each([
    ['git@ghe.example:acme/shop.git', '--api-url https://ghe.example/api/v3'],
    ['https://acme.ghe.com/acme/shop', '--api-url https://api.acme.ghe.com'],
  ])('is not guessed for %s: a token goes nowhere that nobody named', (remote, words) => {
    expect(() => target({ remote })).toThrow(
      expect.objectContaining({
        code: 'ERR_FORGE_REMOTE',
        hint: expect.stringContaining(words),
      }),
    );
  });

  it.each([
    ['https://github.com.evil.example/acme/shop'],
    ['https://github.com@evil.example/acme/shop'],
    ['git@evil.example:github.com/acme/shop'],
    ['/srv/git/acme/shop.git'],
    ['../acme/shop'],
    ['file:///srv/acme/shop'],
    ['git@github.com:acme'],
    ['https://github.com/acme/shop/extra'],
    ['git@github.com:-acme/shop'],
    [''],
    [null],
  ])('is nowhere by the remote %j', (remote) => {
    expect(() => target({ remote })).toThrow(
      expect.objectContaining({ code: 'ERR_FORGE_REMOTE', hint: expect.stringMatching(/api-url/) }),
    );
  });

  it.each([
    'http://ghe.example/api/v3',
    'https://token@ghe.example/api/v3',
    'ftp://ghe.example',
    'ghe.example/api/v3',
    'http://127.0.0.1.evil.example',
  ])('is not at %s', (apiUrl) => {
    expect(() => target({ apiUrl, repository: 'acme/shop' })).toThrow('not an https URL');
  });

  it('names no repository by anything but owner and name', () => {
    for (const repository of ['acme', 'acme/shop/x', '../x', 'a b/c', 'acme/\u001b[31m'])
      expect(() => target({ repository })).toThrow('names no repository');
  });
});
