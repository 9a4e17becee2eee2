import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dearmorAge } from '../../src/keys/age-armor.ts';
import { parseAgeFile } from '../../src/keys/age-format.ts';
import { ageKeyService } from '../../src/keys/age-key-service.ts';
import type { PluginAccess } from '../../src/keys/age-plugin.ts';
import { nodePluginHost } from '../../src/keys/age-plugin-host.ts';
import { findPlugin } from '../../src/keys/age-plugin-path.ts';
import { encodeBech32 } from '../../src/keys/bech32.ts';
import { fakeEnvironment } from './environment.ts';
import { installPlugin } from './test-plugin.ts';

const root = mkdtempSync(join(tmpdir(), 'tidelock-plugin-'));
const bin = installPlugin(join(root, 'bin'), 'test');
const host = nodePluginHost();
const recipient = encodeBech32('age1test', randomBytes(8));
const identity = encodeBech32('age-plugin-test-', randomBytes(8)).toUpperCase();
const dataKey = Uint8Array.from(randomBytes(32));

afterAll(() => rmSync(root, { recursive: true, force: true }));

function service(behaviour = '', more: Partial<PluginAccess> = {}, trusted = true) {
  const plugins: PluginAccess = {
    host,
    env: { PATH: bin, TEST_PLUGIN: behaviour },
    cwd: root,
    repository: null,
    patienceMs: 5000,
    ...more,
  };
  const environment = fakeEnvironment({ env: { SOPS_AGE_KEY: identity } });
  return ageKeyService({ environment, plugins, isTrustedRecipient: () => trusted });
}

const wrap = (behaviour = '', more: Partial<PluginAccess> = {}) =>
  service(behaviour, more).wrap({ type: 'age', recipient, enc: '' }, dataKey);

describe('age plugins', () => {
  it('wrap and unwrap', async () => {
    const enc = await wrap();
    const { header } = parseAgeFile(dearmorAge(enc) ?? new Uint8Array(0));
    expect(header.stanzas.map((stanza) => stanza.args)).toEqual([['test', 'arg']]);
    const opened = await service().unwrap({ type: 'age', recipient, enc });
    expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
  });

  it('may talk with the person', async () => {
    const shown: string[] = [];
    const ui = {
      show: (text: string) => shown.push(text),
      ask: async () => '1234',
      confirm: async () => true,
    };
    const enc = await wrap('talks', { ui });
    expect(shown).toEqual(['touch it']);
    await service('talks', { ui }).unwrap({ type: 'age', recipient, enc });
    await expect(wrap('talks')).rejects.toThrow('got fail,fail,fail,unsupported');
  });

  it('that misbehave end in an error', async () => {
    const enc = await wrap();
    for (const behaviour of ['quits', 'noise', 'huge', 'error']) {
      await expect(wrap(behaviour)).rejects.toMatchObject({ code: 'ERR_IDENTITY' });
      await expect(
        service(behaviour).unwrap({ type: 'age', recipient, enc }),
      ).rejects.toMatchObject({
        code: 'ERR_KEY_UNWRAP',
        message: expect.not.stringContaining(identity),
      });
    }
    await expect(wrap('two')).rejects.toMatchObject({ code: 'ERR_KEY_WRAP' });
    await expect(wrap('silent', { patienceMs: 300 })).rejects.toThrow('does not answer');
  });

  it('are not started for a recipient that only the file names', async () => {
    const untrusted = service('', {}, false).wrap({ type: 'age', recipient, enc: '' }, dataKey);
    await expect(untrusted).rejects.toMatchObject({ code: 'ERR_KEY_WRAP' });
    const none = ageKeyService({ environment: fakeEnvironment(), isTrustedRecipient: () => true });
    await expect(none.wrap({ type: 'age', recipient, enc: '' }, dataKey)).rejects.toMatchObject({
      code: 'ERR_KEY_WRAP',
    });
  });
});

describe('where plugins are looked up', () => {
  const find = (
    path: string,
    more: { cwd?: string; repository?: string | null } = {},
    name = 'test',
  ) => findPlugin(name, { host, env: { PATH: path }, cwd: root, repository: null, ...more });

  it('is absolute entries of PATH outside the repository', async () => {
    const program = join(bin, 'age-plugin-test');
    expect(await find(`/nonexistent:${bin}`)).toBe(program);
    expect(await find(bin, { cwd: bin })).toBeNull();
    expect(await find(`.:bin:${''}`)).toBeNull();
    expect(await find(bin, { repository: root })).toBeNull();
    expect(await find(bin, { repository: `${root}/b` })).toBe(program);
    expect(await findPlugin('test', { host, env: {}, cwd: root, repository: null })).toBeNull();
  });

  it('is never a node_modules/.bin or a link into the repository', async () => {
    const nodeBin = installPlugin(join(root, 'node_modules', '.bin'), 'test');
    expect(await find(nodeBin)).toBeNull();
    const links = join(root, 'links');
    mkdirSync(links);
    symlinkSync(join(nodeBin, 'age-plugin-test'), join(links, 'age-plugin-test'));
    expect(await find(links)).toBeNull();
    const repository = join(root, 'repository');
    installPlugin(join(repository, 'tools'), 'other');
    symlinkSync(join(repository, 'tools', 'age-plugin-other'), join(links, 'age-plugin-other'));
    expect(await find(links, { repository }, 'other')).toBeNull();
    expect(await find(links, {}, 'other')).not.toBeNull();
  });

  it('is asked for no other names, and takes executable files only', async () => {
    writeFileSync(join(bin, 'age-plugin-plain'), 'x');
    mkdirSync(join(bin, 'age-plugin-folder'));
    for (const name of ['plain', 'folder', '../x', 'A', '', 'a'.repeat(65), 'a/b']) {
      expect(await find(bin, {}, name)).toBeNull();
    }
  });
});
