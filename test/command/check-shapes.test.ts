import { readFileSync } from 'node:fs';
import { type KeyGroup, parseKeyList } from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { encryptText } from '../support/in-process.ts';
import { vector } from '../support/program.ts';
import { RECIPIENT_1, RECIPIENT_2 } from '../support/recipients.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

/** Shapes of repositories as they are found, made here: what each is judged to be, exactly. */

const PLAIN = 'user: app\npassword: not-a-real-password\n';
const keysOf = (recipients: string): KeyGroup => ({
  keys: parseKeyList('age', recipients, { createdAt: '' }),
});

function told(workspace: Workspace): readonly string[] {
  const { status, stdout, stderr } = workspace.tidelock(['check', '--format', 'json']);
  expect(status, stderr).not.toBe(2);
  const { findings } = JSON.parse(stdout) as {
    findings: { ruleId: string; severity: string; path: string }[];
  };
  return findings
    .filter(({ ruleId }) => ruleId !== 'policy/label-unproven')
    .map(({ ruleId, severity, path }) => `${severity} ${ruleId} ${path}`);
}

/** The list of master keys of one kind, as a real program wrote it. */
function keyList(file: string, kind: string): string {
  const text = readFileSync(vector(file), 'utf8');
  const list = new RegExp(`^ {4}${kind}:\\n(?: {8}.*\\n|\\n)*`, 'm').exec(text)?.[0] ?? '';
  expect(list).not.toBe('');
  return list;
}
const KMS = keyList('kms.sample.yaml', 'kms').replace(/^ {10}context:\n(?: {12}.*\n)*/m, '');
const VAULT = keyList('vault.sample.yaml', 'hc_vault');
const PGP = keyList('pgp.enc.yaml', 'pgp');
const ARN = /arn: (.*)/.exec(KMS)?.[1] ?? '';
const FINGERPRINT = /fp: (.*)/.exec(PGP)?.[1] ?? '';
const SAMPLE = readFileSync(vector('kms.sample.yaml'), 'utf8');

/** A file of that form with these master keys, and tokens of its own. */
function fileWith(lists: string, number: number): string {
  const own = String.fromCharCode(65 + (number % 26), 65 + Math.floor(number / 26));
  return SAMPLE.replace(keyList('kms.sample.yaml', 'kms'), lists).replace(
    /data:([A-Za-z0-9+/]{2})([A-Za-z0-9+/=]{2})/g,
    (_, _head: string, rest: string) => `data:${own}${rest}`,
  );
}

describe('drift in a part of 140 files with KMS, PGP and Vault keys', () => {
  it('is told of those files alone', () => {
    const workspace = makeWorkspace();
    const vault = 'http://127.0.0.1:8222/v1/transit/keys/dev';
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: ^all/\n    kms: ${ARN}\n    pgp: ${FINGERPRINT}\n    hc_vault_transit_uri: ${vault}\n`,
    );
    for (let i = 0; i < 140; i++) {
      const vaultKeys = i % 7 === 0 ? VAULT.replace('key_name: dev', 'key_name: old') : VAULT;
      workspace.write(`all/${i}.yaml`, fileWith(`${KMS}${vaultKeys}${PGP}`, i));
    }
    const drifted = Array.from({ length: 20 }, (_, i) => `all/${i * 7}.yaml`).sort();
    const found = told(workspace).filter((line) => !line.includes('policy/shared-data-key'));
    const expected = drifted.flatMap((path) => [
      `error policy/recipient-missing ${path}`,
      `error policy/recipient-extra ${path}`,
    ]);
    expect([...found].sort()).toEqual(expected.sort());
  });
});

describe('shapes of rules and names', () => {
  it('files without an extension', async () => {
    const workspace = makeWorkspace();
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: ^keys/\n    age: ${RECIPIENT_1}\n`,
    );
    const sealed = await encryptText('binary', 'a token\n', { keyGroups: [keysOf(RECIPIENT_2)] });
    workspace.write('keys/token', sealed);
    workspace.write('keys/other', 'plain\n');
    expect(told(workspace)).toEqual([
      'error policy/not-encrypted keys/other',
      'error policy/recipient-missing keys/token',
      'error policy/recipient-extra keys/token',
    ]);
  });

  it('a rule without keys asks for nothing about keys', async () => {
    const workspace = makeWorkspace();
    workspace.write('.sops.yaml', 'creation_rules:\n  - path_regex: ^a\\.yaml$\n');
    const sealed = await encryptText('yaml', PLAIN, { keyGroups: [keysOf(RECIPIENT_2)] });
    workspace.write('a.yaml', sealed);
    expect(told(workspace)).toEqual(['warning config/no-keys .sops.yaml']);
  });

  it('misspelt keys are named, and the rest of the rule still judges', async () => {
    const workspace = makeWorkspace();
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: ^a\\.yaml$\n    encrypted_regx: ^password$\n    age: ${RECIPIENT_1}\n`,
    );
    workspace.write(
      'a.yaml',
      await encryptText('yaml', PLAIN, { keyGroups: [keysOf(RECIPIENT_2)] }),
    );
    expect(told(workspace)).toEqual([
      'error config/unknown-key .sops.yaml',
      'error policy/recipient-missing a.yaml',
      'error policy/recipient-extra a.yaml',
    ]);
  });

  it('an alias against a key id cannot be told', () => {
    const workspace = makeWorkspace();
    const alias = ARN.replace(/:key\/.*/, ':alias/production');
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: ^a\\.yaml$\n    kms: ${alias}\n`,
    );
    workspace.write('a.yaml', fileWith(KMS, 1));
    expect(told(workspace)).toEqual(['warning policy/recipient-undecidable a.yaml']);
  });

  it('several .sops.yaml in one tree: the nearest judges', async () => {
    const workspace = makeWorkspace();
    workspace.git('init', '-q');
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: .*\\.yaml$\n    age: ${RECIPIENT_1}\n`,
    );
    workspace.write(
      'team/.sops.yaml',
      `creation_rules:\n  - path_regex: ^sub/\n    age: ${RECIPIENT_2}\n`,
    );
    const sealed = (recipient: string) =>
      encryptText('yaml', PLAIN, { keyGroups: [keysOf(recipient)] });
    workspace.write('top.yaml', await sealed(RECIPIENT_1));
    workspace.write('team/sub/a.yaml', await sealed(RECIPIENT_2));
    workspace.write('team/sub/wrong.yaml', await sealed(RECIPIENT_1));
    workspace.write('team/outside.yaml', await sealed(RECIPIENT_1));
    expect(told(workspace)).toEqual([
      'warning policy/uncovered team/outside.yaml',
      'error policy/recipient-missing team/sub/wrong.yaml',
      'error policy/recipient-extra team/sub/wrong.yaml',
    ]);
  });

  it('a larger limit of the policy is looked into, a smaller one is not', () => {
    const workspace = makeWorkspace();
    const limit = (size: string) =>
      workspace.write(
        '.tidelock.yaml',
        `version: 1\nlimits: { file_size: ${size} }\nrules: [{ name: keys, paths: ["keys/**"], encrypted: true }]\n`,
      );
    workspace.write('keys/large.txt', 'x'.repeat(3000));
    workspace.write('other/large.txt', 'x'.repeat(3000));
    limit('2KiB');
    expect(told(workspace)).toEqual(['error policy/not-encrypted keys/large.txt']);
    const { stdout } = workspace.tidelock(['check', '--format', 'json']);
    expect(JSON.parse(stdout).files.notExamined).toEqual([
      { path: 'keys/large.txt', reason: 'too-large' },
      { path: 'other/large.txt', reason: 'too-large' },
    ]);
    limit('20MiB');
    workspace.write('keys/large.txt', 'x'.repeat(11 * 1024 * 1024));
    const { files } = JSON.parse(workspace.tidelock(['check', '--format', 'json']).stdout);
    expect(files.notExamined).toEqual([]);
  });
});
