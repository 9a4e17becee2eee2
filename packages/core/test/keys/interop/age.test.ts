import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { peer } from '../../../../../test/support/program.ts';
import { ageKeyService } from '../../../src/keys/age-key-service.ts';
import { nodePluginHost } from '../../../src/keys/age-plugin-host.ts';
import { encodeBech32 } from '../../../src/keys/bech32.ts';
import { fakeEnvironment, VECTORS, vector } from '../environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidelock-age-'));
const dataKey = Uint8Array.from(randomBytes(32));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const published = (file: string) => /public key: (\S+)/.exec(vector(file))?.[1] ?? '';
const KINDS = [
  { identity: 'age-key1.txt', recipient: published('age-key1.txt'), place: 'SOPS_AGE_KEY_FILE' },
  { identity: 'age-pq.txt', recipient: published('age-pq.txt'), place: 'SOPS_AGE_KEY_FILE' },
  {
    identity: 'ssh_ed25519',
    recipient: vector('ssh_ed25519.pub').trim(),
    place: 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
  },
  {
    identity: 'ssh_rsa',
    recipient: vector('ssh_rsa.pub').trim(),
    place: 'SOPS_AGE_SSH_PRIVATE_KEY_FILE',
  },
];

function opening(place: string, content: string, passphrase?: string) {
  const environment = fakeEnvironment({ env: { [place]: '/k' }, files: { '/k': content } });
  return ageKeyService({
    environment,
    ...(passphrase === undefined ? {} : { readPassphrase: async () => passphrase }),
  });
}

describe.skipIf(!peer('age'))('the age program', () => {
  for (const { identity, recipient, place } of KINDS) {
    it(`and we open each other's files for ${identity}`, async () => {
      const key = join(folder, identity);
      writeFileSync(key, vector(identity), { mode: 0o600 });
      const ours = await opening(place, vector(identity)).wrap(
        { type: 'age', recipient, enc: '' },
        dataKey,
      );
      expect(Uint8Array.from(execFileSync('age', ['-d', '-i', key], { input: ours }))).toEqual(
        dataKey,
      );
      const theirs = String(execFileSync('age', ['-a', '-r', recipient], { input: dataKey }));
      const opened = await opening(place, vector(identity)).unwrap({
        type: 'age',
        recipient,
        enc: theirs,
      });
      expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
    });
  }

  it.skipIf(!peer('age-plugin-batchpass'))('opens what a real plugin wrapped', async () => {
    const variables = { ...process.env, AGE_PASSPHRASE: 'test', AGE_PASSPHRASE_WORK_FACTOR: '10' };
    const made = spawnSync('age', ['-e', '-a', '-j', 'batchpass'], {
      input: dataKey,
      env: variables,
    });
    expect(String(made.stderr)).toBe('');
    const identity = encodeBech32('age-plugin-batchpass-', new Uint8Array(0)).toUpperCase();
    const service = ageKeyService({
      environment: fakeEnvironment({ env: { SOPS_AGE_KEY: identity } }),
      plugins: { host: nodePluginHost(), env: variables, cwd: folder, repository: null },
    });
    const opened = await service.unwrap({ type: 'age', recipient: 'x', enc: String(made.stdout) });
    expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
  });
});

describe.skipIf(!peer('ssh-keygen'))('keys made by ssh-keygen', () => {
  const forms = [
    ['-t', 'ed25519'],
    ['-t', 'ed25519', '-Z', 'aes256-cbc'],
    ['-t', 'rsa', '-b', '2048'],
    ['-t', 'rsa', '-b', '2048', '-m', 'PEM'],
    ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8'],
  ];
  for (const [index, form] of forms.entries()) {
    for (const passphrase of ['', 'pässword']) {
      it(`open: ${form.join(' ')}${passphrase === '' ? '' : ', with a passphrase'}`, async () => {
        const file = join(folder, `key-${index}-${passphrase.length}`);
        execFileSync('ssh-keygen', ['-q', '-f', file, '-N', passphrase, ...form]);
        const recipient = readFileSync(`${file}.pub`, 'utf8').trim();
        const environment = fakeEnvironment({
          env: { SOPS_AGE_SSH_PRIVATE_KEY_FILE: '/k' },
          files: { '/k': readFileSync(file), '/k.pub': readFileSync(`${file}.pub`) },
        });
        const service = (answer: string) =>
          ageKeyService({ environment, readPassphrase: async () => answer });
        const enc = await service('').wrap({ type: 'age', recipient, enc: '' }, dataKey);
        const opened = await service(passphrase).unwrap({ type: 'age', recipient, enc });
        expect(Uint8Array.from(opened ?? [])).toEqual(dataKey);
        if (passphrase === '') return;
        await expect(service('no').unwrap({ type: 'age', recipient, enc })).rejects.toThrow(
          'passphrase is wrong',
        );
      });
    }
  }
});

describe.skipIf(!peer('sops'))('the real sops', () => {
  it('reports in the layout that we report in', () => {
    const file = fileURLToPath(new URL('shamir.enc.yaml', VECTORS));
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      SOPS_AGE_KEY: vector('age-key2.txt'),
      SOPS_DISABLE_VERSION_CHECK: '1',
    };
    const report = String(spawnSync('sops', ['decrypt', file], { env, cwd: folder }).stderr);
    expect(report).toContain('\n\nGroup 1: SUCCESS\n\nGroup 2: FAILED\n  age1');
    expect(report).toContain(': FAILED\n    - | ');
  });
});
