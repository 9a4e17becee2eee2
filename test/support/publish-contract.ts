import { beforeEach, describe, expect, it } from 'vitest';
import { vector } from './program.ts';
import { tidelockBeside } from './run-beside.ts';
import { makeWorkspace, RECIPIENT_1, RECIPIENT_2, type Workspace } from './workspace.ts';

/** Where the command publishes to: fakes, or the real servers. */
export interface PublishSubject {
  readonly env: Readonly<Record<string, string>>;
  readonly vaultAddress: string;
  /** Bucket `bucket` exists. */
  objectAt(key: string): Promise<string | null>;
  /** Below `/v1/`: mounts `kv1/` (version 1) and `secret/` (version 2) exist. */
  valuesAt(path: string): Promise<unknown>;
  secret(name: string): Promise<string | null>;
}

export const PLAIN = `# head
password: example one
port: 5432
ratio: 1.5
on: true
none: null
list:
    - first
    - name: second
plain_name: seen
`;
export const VALUES = {
  password: 'example one',
  port: 5432,
  ratio: 1.5,
  on: true,
  none: null,
  list: ['first', { name: 'second' }],
  plain_name: 'seen',
};

export const rulesFor = (vaultAddress: string, more = ''): string => `creation_rules:
  - age: ${RECIPIENT_1}
destination_rules:
  - path_regex: ^s3/
    s3_bucket: bucket
    s3_prefix: some/
  - path_regex: ^v2/
    vault_address: ${vaultAddress}
    vault_path: team/app
  - path_regex: ^v1/
    vault_address: ${vaultAddress}
    vault_kv_mount_name: kv1
    vault_kv_version: 1
    vault_path: team/
    omit_extensions: true
  - path_regex: ^sm/
    aws_secrets_manager_secret_name: team/
    aws_region: eu-west-1
${more}`;

export async function encryptTo(workspace: Workspace, name: string, plain = PLAIN): Promise<void> {
  workspace.write(name, plain);
  const { cwd, env } = { cwd: workspace.folder, env: workspace.env };
  const outcome = await tidelockBeside(['encrypt', '-i', '--age', RECIPIENT_1, name], { cwd, env });
  expect(outcome.stderr).toBe('');
}

const RECREATIONS: readonly (readonly [field: string, encrypted: RegExp, plain: RegExp])[] = [
  ['encrypted_regex: ^password$', /password: ENC/, /port: 5432/],
  ['unencrypted_regex: ^port$', /password: ENC/, /port: 5432/],
  ['encrypted_suffix: word', /password: ENC/, /port: 5432/],
  ['unencrypted_suffix: _name', /port: ENC/, /plain_name: seen/],
  ['encrypted_comment_regex: head', /password: ENC/, /port: 5432/],
  ['unencrypted_comment_regex: head', /port: ENC/, /password: example one/],
  ['mac_only_encrypted: true', /mac_only_encrypted: true/, /none: null/],
];

/** What `publish` does, whoever answers it. */
export function describePublish(name: string, subject: () => PublishSubject): void {
  describe(`publish, to ${name}`, () => {
    let workspace: Workspace;
    const publish = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      tidelockBeside(['publish', '-y', ...args], {
        cwd: workspace.folder,
        env: { ...workspace.env, ...subject().env, ...env },
      });
    beforeEach(() => {
      workspace = makeWorkspace();
      workspace.write('.sops.yaml', rulesFor(subject().vaultAddress));
    });

    it('uploads the encrypted bytes as they are, without a key', async () => {
      await encryptTo(workspace, 's3/a.yaml');
      const nobody = { SOPS_AGE_KEY_FILE: '/nonexistent' };
      expect(await publish(['s3/a.yaml'], nobody)).toMatchObject({ status: 0, stdout: '' });
      expect(await subject().objectAt('bucket/some/a.yaml')).toBe(workspace.read('s3/a.yaml'));
    });

    it('names what lies below a folder by its path from there', async () => {
      await encryptTo(workspace, 's3/deep/er/b.yaml');
      workspace.write('s3/README.md', 'not encrypted\n');
      expect((await publish(['--recursive', '--omit-extensions', 's3'])).status).toBe(0);
      const there = await subject().objectAt('bucket/some/deep/er/b');
      expect(there).toBe(workspace.read('s3/deep/er/b.yaml'));
    });

    it.each(RECREATIONS)('encrypts anew with %s', async (field, encrypted, plain) => {
      const rule = `    recreation_rule:\n      age: ${RECIPIENT_2}\n      ${field}\n`;
      const rules = rulesFor(subject().vaultAddress).replace('some/\n', `some/\n${rule}`);
      workspace.write('.sops.yaml', rules);
      await encryptTo(workspace, 's3/re.yaml');
      const outcome = await publish(['s3/re.yaml']);
      expect(outcome.stdout).toContain(`+++ ${RECIPIENT_2}`);
      const there = (await subject().objectAt('bucket/some/re.yaml')) ?? '';
      expect(there).toMatch(encrypted);
      expect(there).toMatch(plain);
      expect(there).not.toContain(RECIPIENT_1);
      workspace.write('back.yaml', there);
      const second = { SOPS_AGE_KEY_FILE: vector('age-key2.txt') };
      expect(workspace.tidelock(['decrypt', 'back.yaml'], { env: second }).stdout).toBe(PLAIN);
    });

    it.each([
      ['v2/a.yaml', 'secret/data/team/app/a.yaml'],
      ['v1/a.yaml', 'kv1/team/a'],
    ])('writes the values of %s to Vault, once', async (file, path) => {
      await encryptTo(workspace, file);
      expect((await publish([file])).stderr).toContain('published to');
      expect(await subject().valuesAt(path)).toEqual(VALUES);
      expect((await publish([file])).stderr).toContain('is up to date at');
      workspace.tidelock(['set', file, '["password"]', '"another"']);
      expect((await publish([file])).stderr).toContain('published to');
      expect(await subject().valuesAt(path)).toEqual({ ...VALUES, password: 'another' });
    });

    it('keeps one version of a secret for one content, and goes back to it', async () => {
      await encryptTo(workspace, 'sm/app.yaml');
      const first = workspace.bytes('sm/app.yaml');
      const expected = async (password: string) => {
        const there = await subject().secret('team/app.yaml');
        expect(JSON.parse(there ?? '')).toEqual({ ...VALUES, password });
      };
      expect((await publish(['sm/app.yaml'])).stderr).toContain('published to');
      await expected('example one');
      expect((await publish(['sm/app.yaml'])).stderr).toContain('is up to date at');
      workspace.tidelock(['set', 'sm/app.yaml', '["password"]', '"two"']);
      expect((await publish(['sm/app.yaml'])).stderr).toContain('published to');
      await expected('two');
      workspace.write('sm/app.yaml', first);
      expect((await publish(['sm/app.yaml'])).stderr).toContain('published to');
      await expected('example one');
    });
  });
}
