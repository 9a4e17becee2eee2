import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describePublish, encryptTo, rulesFor } from '../support/publish-contract.ts';
import { type PublishFakes, startPublishFakes } from '../support/publish-fakes.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const GCS_RULE = '  - path_regex: ^gcs/\n    gcs_bucket: bucket\n    gcs_prefix: some/\n';
const LARGEST_SECRET = 65_536;
let fakes: PublishFakes;
let workspace: Workspace;

const all = () => [fakes.s3, fakes.gcs, fakes.kv, fakes.secrets];
const calls = () => all().flatMap(({ journal }) => journal);

function publish(
  args: readonly string[],
  { env = {}, input = '' }: { env?: Readonly<Record<string, string>>; input?: string } = {},
) {
  return tidelockBeside(['publish', ...args], {
    cwd: workspace.folder,
    env: { ...workspace.env, ...fakes.env, ...env },
    input,
  });
}

beforeAll(async () => {
  fakes = await startPublishFakes();
});
afterAll(() => fakes.close());
beforeEach(() => {
  workspace = makeWorkspace();
  workspace.write('.sops.yaml', rulesFor(fakes.vaultAddress, GCS_RULE));
  for (const fake of all()) {
    fake.journal.length = 0;
    fake.faults.length = 0;
  }
});

describePublish('fakes', () => fakes);

describe('publish', () => {
  it('uploads to Google Cloud Storage, where an emulator gets no token', async () => {
    await encryptTo(workspace, 'gcs/a.yaml');
    const outcome = await publish(['-y', 'gcs/a.yaml']);
    expect(outcome.status).toBe(0);
    expect(fakes.gcs.objects.get('bucket/some/a.yaml')).toBe(workspace.read('gcs/a.yaml'));
  });

  it('--dry-run shows places and sizes, sends nothing and shows no value', async () => {
    const files = ['s3/a.yaml', 'v2/a.yaml', 'v1/a.yaml', 'sm/a.yaml', 'gcs/a.yaml'];
    for (const file of files) await encryptTo(workspace, file);
    const { status, stdout, stderr } = await publish(['--dry-run', ...files]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replace(/\d+ bytes/g, 'N bytes')).toBe(
      `s3/a.yaml would go to s3://bucket/some/a.yaml (N bytes)
v2/a.yaml would go to ${fakes.kv.url}/v1/secret/data/team/app/a.yaml (N bytes)
v1/a.yaml would go to ${fakes.kv.url}/v1/kv1/team/a (N bytes)
sm/a.yaml would go to AWS Secrets Manager secret team/a.yaml (N bytes)
gcs/a.yaml would go to gcs://bucket/some/a.yaml (N bytes)
`,
    );
    expect(calls()).toEqual([]);
    expect(stdout).not.toContain('example one');
  });

  it('asks, as sops does, and sends nothing after no', async () => {
    await encryptTo(workspace, 's3/a.yaml');
    const no = await publish(['s3/a.yaml'], { input: 'n\n' });
    const question = `uploading ${workspace.path('s3/a.yaml')} to s3://bucket/some/a.yaml ? (y/n): `;
    expect(no).toMatchObject({ status: 1, stdout: question });
    expect((await publish(['s3/a.yaml'])).status).toBe(1);
    expect(calls()).toEqual([]);
    expect((await publish(['s3/a.yaml'], { input: 'y\n' })).status).toBe(0);
    expect(calls()).toHaveLength(1);
  });

  it('refuses what is not encrypted, whole or in part', async () => {
    workspace.write('s3/plain.yaml', 'password: example one\n');
    const plain = await publish(['-y', 's3/plain.yaml']);
    expect(plain.stderr).toContain('[ERR_NOT_ENCRYPTED]');
    await encryptTo(workspace, 's3/part.yaml');
    workspace.write('s3/part.yaml', `added: example two\n${workspace.read('s3/part.yaml')}`);
    const part = await publish(['-y', 's3/part.yaml']);
    expect(part.stderr).toContain('["added"] is not encrypted');
    expect(part.stderr).not.toContain('example two');
    expect([plain.status, part.status]).toEqual([1, 25]);
    expect(calls()).toEqual([]);
  });

  it('says that a secret is too large before it asks anybody', async () => {
    const braces = '{"v": ""}'.length;
    for (const [extra, status] of [
      [0, 0],
      [1, 1],
    ] as const) {
      const text = 'x'.repeat(LARGEST_SECRET - braces + extra);
      await encryptTo(workspace, 'sm/large.yaml', `v: ${text}\n`);
      fakes.secrets.journal.length = 0;
      const outcome = await publish(['-y', 'sm/large.yaml']);
      expect(outcome.status).toBe(status);
      if (extra === 1) expect(outcome.stderr).toContain('65537 bytes do not fit');
      expect(fakes.secrets.journal).toHaveLength(extra === 1 ? 0 : 2);
    }
  });

  it('names a version so that nobody can guess the content from it', async () => {
    const tokens = new Set<string>();
    for (const name of ['sm/one.yaml', 'sm/two.yaml']) {
      await encryptTo(workspace, name, 'pin: 1234\n');
      await publish(['-y', name]);
    }
    for (const name of ['team/one.yaml', 'team/two.yaml']) {
      for (const id of fakes.secrets.versionIds(name)) tokens.add(id);
    }
    expect(tokens.size).toBe(2);
  });

  it('publishes the others when one fails, and says how many did', async () => {
    await encryptTo(workspace, 's3/a.yaml');
    await encryptTo(workspace, 's3/b.yaml');
    fakes.s3.faults.push({ kind: 'error', name: 'AccessDenied', status: 403 });
    const outcome = await publish(['-y', 's3/a.yaml', 's3/b.yaml']);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('s3/a.yaml: Amazon S3 denies permission [ERR_PUBLISH]');
    expect(outcome.stderr).toContain('failed publishing 1 of 2 files');
    expect(fakes.s3.objects.get('bucket/some/b.yaml')).toBe(workspace.read('s3/b.yaml'));
  });

  it.each([
    ['s3', 's3/a.yaml'],
    ['gcs', 'gcs/a.yaml'],
    ['kv', 'v2/a.yaml'],
    ['secrets', 'sm/a.yaml'],
  ] as const)('to %s goes on after throttling, 500 and a cut connection', async (place, file) => {
    await encryptTo(workspace, file);
    const fake = fakes[place];
    fake.faults.push({ kind: 'status', status: 503 }, { kind: 'cut' });
    const outcome = await publish(['-y', file]);
    expect(outcome.stderr).toContain('published to');
    expect(outcome.status).toBe(0);
  });

  it.each([
    ['s3/a.yaml', 's3', { kind: 'error', name: 'NoSuchBucket', status: 404 }, 'no such bucket'],
    ['s3/a.yaml', 's3', { kind: 'error', name: 'ExpiredToken' }, 'no valid AWS credentials'],
    ['gcs/a.yaml', 'gcs', { kind: 'status', status: 403 }, 'denies permission'],
    ['v2/a.yaml', 'kv', { kind: 'status', status: 500 }, 'Vault answered 500 (5 attempts)'],
    ['sm/a.yaml', 'secrets', { kind: 'error', name: 'AccessDeniedException' }, 'denies permission'],
    ['sm/a.yaml', 'secrets', { kind: 'error', name: 'InvalidRequestException' }, 'for deletion'],
  ] as const)('of %s says what went wrong: %s %o', async (file, place, fault, said) => {
    await encryptTo(workspace, file);
    for (let i = 0; i < 5; i++) fakes[place].faults.push(fault);
    const outcome = await publish(['-y', file]);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain(`${file}: `);
    expect(outcome.stderr).toContain(said);
    expect(outcome.stderr).toContain('hint: ');
    for (const hidden of ['example one', fakes.kv.token, 'example-secret-access-key', 'refuses']) {
      expect(outcome.stderr + outcome.stdout).not.toContain(hidden);
    }
  });

  it.each([
    ['SOPS_HC_VAULT_ALLOWLIST', { SOPS_HC_VAULT_ALLOWLIST: 'https://vault.example.com' }],
    ['SOPS_HC_VAULT_ALLOWLIST=none', { SOPS_HC_VAULT_ALLOWLIST: 'none' }],
  ])('sends nothing to a Vault that %s leaves out', async (_, env) => {
    await encryptTo(workspace, 'v2/a.yaml');
    const outcome = await publish(['-y', 'v2/a.yaml'], { env });
    expect(outcome.stderr).toContain('not on the allow-list: nothing was sent');
    expect(calls()).toEqual([]);
  });

  it.each(['http://user@host', 'ftp://host', 'http://', 'http://host/?x'])(
    'refuses the address %s',
    async (address) => {
      workspace.write('.sops.yaml', rulesFor(`'${address}'`));
      await encryptTo(workspace, 'v2/a.yaml');
      const outcome = await publish(['-y', 'v2/a.yaml']);
      expect(outcome.stderr).toContain('address of Vault is malformed: nothing was sent');
      expect(outcome.status).toBe(1);
    },
  );

  it.each([
    [['nope.yaml'], 100, 'non-existent'],
    [[], 100, 'no file specified'],
    [['s3'], 1, 'Add --recursive'],
    [['other.yaml'], 1, 'no matching destination found in config'],
  ] as const)('%j ends with %i', async (args, status, said) => {
    await encryptTo(workspace, 's3/a.yaml');
    await encryptTo(workspace, 'other.yaml');
    const outcome = await publish(['-y', ...args]);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toContain(said);
    expect(calls()).toEqual([]);
  });

  it('needs the keys of the recreation rule, and says which failed', async () => {
    const rule =
      '    recreation_rule:\n      hc_vault_transit_uri: http://127.0.0.1:9/v1/t/keys/k\n';
    const rules = rulesFor(fakes.vaultAddress).replace('some/\n', `some/\n${rule}`);
    workspace.write('.sops.yaml', rules);
    await encryptTo(workspace, 's3/a.yaml');
    const outcome = await publish(['-y', 's3/a.yaml']);
    expect(outcome.stderr).toContain('http://127.0.0.1:9/v1/t/keys/k');
    expect(outcome.status).toBe(1);
    expect(calls()).toEqual([]);
  });
});
