import { afterEach, beforeEach, expect, it } from 'vitest';
import { AWS, AZURE, type Cloud, GCP, VAULT } from '../support/clouds.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const FILE = 'secret.yaml';
const PLAIN = 'password: example\n';

let clouds: Readonly<Record<'aws' | 'gcp' | 'azure' | 'vault', Cloud>>;
let workspace: Workspace;

beforeEach(async () => {
  const [aws, gcp, azure, vault] = await Promise.all(
    [AWS, GCP, AZURE, VAULT].map((kind) => kind.start()),
  );
  if (!aws || !gcp || !azure || !vault) throw new Error('a fake is missing');
  clouds = { aws, gcp, azure, vault };
  workspace = makeWorkspace();
  workspace.write('.sops.yaml', rules(true));
  workspace.write(FILE, PLAIN);
  expect((await run('encrypt', '-i', FILE)).stderr).toBe('');
});
afterEach(async () => {
  await Promise.all(Object.values(clouds).map((cloud) => cloud.close()));
});

function run(...args: string[]) {
  const env = Object.assign({}, workspace.env, ...Object.values(clouds).map(({ env }) => env));
  return tidelockBeside(args, {
    cwd: workspace.folder,
    env: { ...env, SOPS_AGE_KEY_FILE: '/nonexistent' },
  });
}

/** Two of three groups: AWS and an age key that is not at hand, Google and Azure, Vault. */
function rules(withVault: boolean): string {
  const { aws, gcp, azure, vault } = clouds;
  const [, vaultUrl, key, version] =
    /^(https:.*)\/keys\/([^/]+)\/(.+)$/.exec(azure.keyText('prod')) ?? [];
  return `creation_rules:
  - shamir_threshold: 2
    key_groups:
      - age: [${RECIPIENT_1}]
        kms: [{ arn: "${aws.keyText('prod')}", context: { app: demo } }]
      - gcp_kms: [{ resource_id: ${gcp.keyText('prod')} }]
        azure_keyvault: [{ vaultUrl: "${vaultUrl}", key: ${key}, version: "${version}" }]
${withVault ? `      - hc_vault: ["${vault.keyText('prod')}"]\n` : ''}`;
}

const unwrapped = (cloud: Cloud) =>
  cloud.journal.some(({ operation }) => /decrypt/i.test(operation));

it('two of three groups of mixed kinds open the file, whichever they are', async () => {
  const { aws, gcp, azure, vault } = clouds;
  for (const off of [[aws], [gcp], [gcp, azure], [vault]]) {
    for (const cloud of off) cloud.disable('prod');
    expect(await run('decrypt', FILE)).toMatchObject({ status: 0, stdout: PLAIN });
    for (const cloud of off) cloud.enable('prod');
  }
});

it('one group is not enough, and the report names every attempt of every group', async () => {
  const { aws, gcp, azure, vault } = clouds;
  const before = workspace.bytes(FILE);
  for (const cloud of [aws, gcp, azure]) cloud.disable('prod');
  for (const args of [
    ['decrypt', FILE],
    ['rotate', '-i', FILE],
    ['groups', 'delete', '-i', '-f', FILE, '0'],
  ]) {
    const { status, stdout, stderr } = await run(...args);
    expect(status, stderr).toBe(128);
    expect(stdout).toBe('');
    expect(stderr).toContain('Group 0: FAILED');
    expect(stderr).toContain('Group 1: FAILED');
    expect(stderr).toContain('Group 2: SUCCESS');
    for (const name of [RECIPIENT_1, ...[aws, gcp, azure].map((cloud) => cloud.keyText('prod'))]) {
      expect(stderr).toContain(name);
    }
    for (const cloud of [aws, gcp, azure, vault]) {
      for (const hidden of cloud.credentials) expect(stderr).not.toContain(hidden);
    }
    expect(workspace.bytes(FILE)).toEqual(before);
  }
});

it('every operation keeps the groups, and what it wrote opens', async () => {
  const open = () => run('decrypt', FILE);
  expect((await run('rotate', '-i', FILE)).status).toBe(0);
  expect(await open()).toMatchObject({ status: 0, stdout: PLAIN });
  expect((await run('set', FILE, '["password"]', '"other"')).status).toBe(0);
  expect(await open()).toMatchObject({ status: 0, stdout: 'password: other\n' });
  const added = await run('groups', 'add', '-i', '-f', FILE, '--kms', clouds.aws.keyText('more'));
  expect(added, added.stderr).toMatchObject({ status: 0 });
  expect((await open()).status).toBe(0);
  expect((await run('groups', 'delete', '-i', '-f', FILE, '3')).status).toBe(0);
  expect((await open()).status).toBe(0);
  workspace.write('.sops.yaml', rules(false));
  const updated = await run('updatekeys', '-y', FILE);
  expect(updated, updated.stderr).toMatchObject({ status: 0 });
  expect(workspace.read(FILE)).not.toContain('vault_address');
  expect(workspace.read(FILE)).toContain('shamir_threshold: 2');
  expect((await open()).status).toBe(0);
});

it('the decryption order decides who is asked of a group', async () => {
  const { gcp, azure } = clouds;
  for (const [order, asked, spared] of [
    ['gcp_kms', gcp, azure],
    ['azure_kv', azure, gcp],
  ] as const) {
    gcp.journal.length = 0;
    azure.journal.length = 0;
    expect((await run('decrypt', '--decryption-order', order, FILE)).status).toBe(0);
    expect([unwrapped(asked), unwrapped(spared)]).toEqual([true, false]);
  }
});
