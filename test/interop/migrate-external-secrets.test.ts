import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRepository } from '../support/example-repositories.ts';
import {
  AWS_STORE,
  describeExternalSecrets,
  externalSecret,
  type StoresSubject,
  vaultStore,
} from '../support/external-secrets-contract.ts';
import { peer } from '../support/program.ts';
import { RECIPIENT_1 } from '../support/recipients.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { type RealServer, startServer } from './kms-programs.ts';

const canRun = peer('moto_server') && peer('bao') && peer('sops');

describe.skipIf(!canRun)('external secrets, on real servers', () => {
  const token = `root-${randomBytes(8).toString('hex')}`;
  const home = mkdtempSync(join(tmpdir(), 'tidelock-stores-'));
  let moto: RealServer;
  let bao: RealServer;

  const vault = async (path: string, body: object) => {
    const headers = { 'x-vault-token': token };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    expect((await fetch(`${bao.url}/v1/${path}`, init)).ok).toBe(true);
  };
  const subject = (): StoresSubject => ({
    vaultAddress: bao.url,
    env: {
      AWS_ENDPOINT_URL: moto.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      VAULT_TOKEN: token,
    },
    async putSecret(Name, content) {
      const value =
        typeof content === 'string'
          ? { SecretString: content }
          : { SecretBinary: Buffer.from(content).toString('base64') };
      const response = await fetch(moto.url, {
        method: 'POST',
        headers: {
          authorization:
            'AWS4-HMAC-SHA256 Credential=testing/20260101/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0',
          'x-amz-target': 'secretsmanager.CreateSecret',
          'content-type': 'application/x-amz-json-1.1',
        },
        body: JSON.stringify({ Name, ...value, ClientRequestToken: crypto.randomUUID() }),
      });
      expect(response.ok, await response.text()).toBe(true);
    },
    putVault: (path, values) => vault(path, path.startsWith('kv1/') ? values : { data: values }),
  });

  beforeAll(async () => {
    const python = { PATH: process.env.PATH ?? '', PYENV_ROOT: process.env.PYENV_ROOT ?? '' };
    const listen = (port: number) => `-dev-listen-address=127.0.0.1:${port}`;
    [moto, bao] = await Promise.all([
      startServer('moto_server', (port) => ['-H', '127.0.0.1', '-p', `${port}`], python),
      startServer(
        'bao',
        (port) => ['server', '-dev', listen(port), `-dev-root-token-id=${token}`],
        { ...python, HOME: home },
      ),
    ]);
    await vault('sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
  });
  afterAll(async () => {
    await Promise.all([moto.stop(), bao.stop()]);
    rmSync(home, { recursive: true, force: true });
  });

  describeExternalSecrets('moto and OpenBao', subject);

  it('the real sops opens what was moved, and finds every value', async () => {
    const value = `${randomBytes(9).toString('hex')}: "Zq" ✓\n`;
    await subject().putSecret('sops/aws', JSON.stringify({ a: value, n: 1.5 }));
    await subject().putVault('secret/data/sops/vault', { b: value });
    const w = exampleRepository({
      'stores.yaml': [AWS_STORE, vaultStore(bao.url)].join('---\n'),
      'a.yaml': externalSecret(
        'a',
        'secretStoreRef: {name: aws}\ndataFrom: [{extract: {key: sops/aws}}]',
      ),
      'b.yaml': externalSecret(
        'b',
        'secretStoreRef: {name: vault}\ndataFrom: [{extract: {key: secret/data/sops/vault}}]',
      ),
    });
    const args = ['migrate', 'external-secrets', '--age', RECIPIENT_1, '--yes'];
    const moved = await tidelockBeside(args, {
      cwd: w.folder,
      env: { ...w.env, ...subject().env },
    });
    expect(moved, moved.stdout).toMatchObject({ status: 0 });
    for (const [file, wanted] of [
      ['a.yaml', { a: value, n: '1.5' }],
      ['b.yaml', { b: value }],
    ] as const) {
      const opened = w.run('sops', ['decrypt', '--output-type', 'json', file], {
        env: { PATH: process.env.PATH ?? '' },
      });
      expect(opened, opened.stderr).toMatchObject({ status: 0 });
      expect(JSON.parse(opened.stdout)).toMatchObject({ kind: 'Secret', stringData: wanted });
    }
  });
});
