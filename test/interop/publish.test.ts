import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GcsFake, startGcs } from '../fakes/gcs.ts';
import { peer, vector } from '../support/program.ts';
import {
  describePublish,
  encryptTo,
  type PublishSubject,
  rulesFor,
  VALUES,
} from '../support/publish-contract.ts';
import { runBeside, tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, RECIPIENT_2, type Workspace } from '../support/workspace.ts';
import { type RealServer, startServer } from './kms-programs.ts';

const canRun = peer('moto_server') && peer('bao') && peer('sops');
/** moto asks who calls, and does not check the signature. */
const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${service === 's3' ? 'us-east-1' : 'eu-west-1'}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

describe.skipIf(!canRun)('publish, on real servers', () => {
  const token = `root-${randomBytes(8).toString('hex')}`;
  const home = mkdtempSync(join(tmpdir(), 'tidelock-publish-'));
  let moto: RealServer;
  let bao: RealServer;
  let gcs: GcsFake;
  let workspace: Workspace;

  const vault = (path: string, init: RequestInit = {}) =>
    fetch(`${bao.url}/v1/${path}`, { ...init, headers: { 'x-vault-token': token } });
  const subject = (): PublishSubject => ({
    vaultAddress: bao.url,
    env: {
      AWS_ENDPOINT_URL: moto.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      STORAGE_EMULATOR_HOST: new URL(gcs.url).host,
      VAULT_TOKEN: token,
    },
    async objectAt(key) {
      const response = await fetch(`${moto.url}/${key}`, { headers: signed('s3') });
      return response.ok ? response.text() : null;
    },
    async valuesAt(path) {
      const answer = (await (await vault(path)).json()) as { data?: { data?: unknown } };
      return path.startsWith('kv1/') ? answer.data : answer.data?.data;
    },
    async secret(name) {
      const response = await fetch(moto.url, {
        method: 'POST',
        headers: {
          ...signed('secretsmanager'),
          'x-amz-target': 'secretsmanager.GetSecretValue',
          'content-type': 'application/x-amz-json-1.1',
        },
        // Without the label moto answers with the version that was put last.
        body: JSON.stringify({ SecretId: name, VersionStage: 'AWSCURRENT' }),
      });
      const answer = (await response.json()) as { SecretString?: string };
      return answer.SecretString ?? null;
    },
  });
  const ours = (...args: string[]) => publishBy(tidelockBeside, args);
  const theirs = (...args: string[]) =>
    publishBy((given, options) => runBeside('sops', given, options), args);
  const publishBy = (run: typeof tidelockBeside, args: readonly string[]) =>
    run(['publish', '-y', ...args], {
      cwd: workspace.folder,
      env: { ...workspace.env, ...subject().env },
    });

  beforeAll(async () => {
    const python = { PATH: process.env.PATH ?? '', PYENV_ROOT: process.env.PYENV_ROOT ?? '' };
    const listen = (port: number) => `-dev-listen-address=127.0.0.1:${port}`;
    [moto, bao, gcs] = await Promise.all([
      startServer('moto_server', (port) => ['-H', '127.0.0.1', '-p', `${port}`], python),
      startServer(
        'bao',
        (port) => ['server', '-dev', listen(port), `-dev-root-token-id=${token}`],
        { ...python, HOME: home },
      ),
      startGcs(['bucket']),
    ]);
    const body = JSON.stringify({ type: 'kv', options: { version: '1' } });
    expect((await vault('sys/mounts/kv1', { method: 'POST', body })).ok).toBe(true);
    await fetch(`${moto.url}/bucket`, { method: 'PUT', headers: signed('s3') });
  });
  afterAll(async () => {
    await Promise.all([moto.stop(), bao.stop(), gcs.close()]);
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    workspace = makeWorkspace();
  });

  describePublish('moto and OpenBao', subject);

  /** What stands there after each program published the same file to a place of its own. */
  const GCS = '  - path_regex: ^gcs/\n    gcs_bucket: bucket\n    gcs_prefix: some/\n';
  // sops writes maps within lists as pairs of Key and Value.
  const FLAT =
    'password: example one\nport: 5432\nratio: 1.5\non: true\nnone: null\nlist: [a, b]\n';

  it.each(['s3/deep.name.yaml', 's3/.yaml'])('uploads %s as sops does', async (file) => {
    workspace.write('.sops.yaml', rulesFor(bao.url));
    await encryptTo(workspace, file);
    const place = `bucket/some/${file.slice('s3/'.length)}`;
    for (const publish of [theirs, ours]) {
      workspace.tidelock(['set', file, '["password"]', JSON.stringify(String(publish === ours))]);
      expect((await publish(file)).status).toBe(0);
      expect(await subject().objectAt(place)).toBe(workspace.read(file));
    }
  });

  it('cuts extensions, and names files below a folder, as sops does', async () => {
    workspace.write('.sops.yaml', rulesFor(bao.url));
    await encryptTo(workspace, 's3/x/a.b.yaml');
    for (const publish of [theirs, ours]) {
      const value = JSON.stringify(String(publish === ours));
      workspace.tidelock(['set', 's3/x/a.b.yaml', '["password"]', value]);
      expect((await publish('--recursive', '--omit-extensions', 's3')).status).toBe(0);
      expect(await subject().objectAt('bucket/some/x/a.b')).toBe(workspace.read('s3/x/a.b.yaml'));
    }
  });

  it('uploads to Google Cloud Storage the bytes that sops does', async () => {
    workspace.write('.sops.yaml', rulesFor(bao.url, GCS));
    await encryptTo(workspace, 'gcs/a.yaml');
    for (const publish of [theirs, ours]) {
      const value = JSON.stringify(String(publish === ours));
      workspace.tidelock(['set', 'gcs/a.yaml', '["password"]', value]);
      expect((await publish('gcs/a.yaml')).status).toBe(0);
      expect(gcs.objects.get('bucket/some/a.yaml')).toBe(workspace.read('gcs/a.yaml'));
    }
  });

  it.each([
    ['v2/a.yaml', 'secret/data/team/app/a.yaml', FLAT],
    ['v1/a.yaml', 'kv1/team/a', FLAT],
    ['v2/two.yaml', 'secret/data/team/app/two.yaml', 'a: 1\nb: x\n---\na: 2\nc: 2001-12-14\n'],
    ['v2/a.json', 'secret/data/team/app/a.json', '{"a": {"b": [1, 2.5, "x"]}, "c": null}\n'],
    ['v2/a.env', 'secret/data/team/app/a.env', '# note\nA=1\nB=two words\n'],
    ['v2/a.ini', 'secret/data/team/app/a.ini', 'top = 1\n[part]\nkey = value\n'],
    ['v2/a.txt', 'secret/data/team/app/a.txt', 'any text\nat all\n'],
  ])('writes the values of %s to Vault that sops does', async (file, path, plain) => {
    workspace.write('.sops.yaml', rulesFor(bao.url));
    await encryptTo(workspace, file, plain);
    expect((await theirs(file)).status).toBe(0);
    const wanted = await subject().valuesAt(path);
    expect(wanted).toBeTruthy();
    await vault(path.replace('/data/', '/metadata/'), { method: 'DELETE' });
    const outcome = await ours(file);
    expect(outcome.stderr).toContain('published to');
    expect(await subject().valuesAt(path)).toEqual(wanted);
  });

  it('sops opens what was encrypted anew for the keys of the recreation rule', async () => {
    const rule = `    recreation_rule:\n      age: ${RECIPIENT_2}\n      encrypted_regex: ^password$\n`;
    workspace.write('.sops.yaml', rulesFor(bao.url).replace('some/\n', `some/\n${rule}`));
    await encryptTo(workspace, 's3/re.yaml');
    expect((await ours('s3/re.yaml')).status).toBe(0);
    workspace.write('back.yaml', (await subject().objectAt('bucket/some/re.yaml')) ?? '');
    const env = { ...workspace.env, SOPS_AGE_KEY_FILE: vector('age-key2.txt') };
    const json = ['--output-type', 'json', 'back.yaml'];
    const back = await runBeside('sops', ['decrypt', ...json], { cwd: workspace.folder, env });
    expect(JSON.parse(back.stdout)).toEqual(VALUES);
  });
});
