import { describe, expect, it } from 'vitest';
import { AWS, AZURE, type Cloud, type CloudKind, GCP, VAULT } from '../support/clouds.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const FILE = 'secret.yaml';
const PLAIN = 'password: example canary\n';

interface Malformed {
  readonly kind: CloudKind;
  readonly name: string;
  /** As `.sops.yaml` and flags spell it. */
  readonly text: string;
  /** What the hint shows. */
  readonly example: string;
  /** How the metadata of a file is spoiled so. */
  readonly spoil: (text: string) => string;
}

const MALFORMED: readonly Malformed[] = [
  {
    kind: AWS,
    name: 'an ARN without a key',
    text: 'arn:aws:kms:eu-west-1:123456789012',
    example: 'arn:aws:kms:<region>:<account>:key/<id>',
    spoil: (text) => text.replace(/arn: arn:aws:kms:[^:]+:\d+:key/, 'arn: arn:aws:kms:here'),
  },
  {
    kind: GCP,
    name: 'a resource id without a ring',
    text: 'projects/p/locations/global/cryptoKeys/k',
    example: 'projects/<p>/locations/<l>/keyRings/<r>/cryptoKeys/<k>',
    spoil: (text) => text.replace('/keyRings/r', ''),
  },
  {
    kind: AZURE,
    name: 'a vault without TLS',
    text: 'http://vault.example.com/keys/k/1',
    example: 'https://<vault>.vault.azure.net/keys/<name>/<version>',
    spoil: (text) => text.replace('vault_url: https:', 'vault_url: ftp:'),
  },
  {
    kind: VAULT,
    name: 'an address of another protocol',
    text: 'ftp://vault.example.com/v1/transit/keys/k',
    example: 'https://<host>/v1/<engine>/keys/<name>',
    spoil: (text) => text.replace('vault_address: http:', 'vault_address: gopher:'),
  },
];

const bare = (text: string) => text.replace(/\s*\|?\s+/g, ' ');

function run(workspace: Workspace, cloud: Pick<Cloud, 'env'>, ...args: string[]) {
  const env = { ...workspace.env, ...cloud.env };
  return tidelockBeside(args, { cwd: workspace.folder, env });
}

async function encrypted(workspace: Workspace, kind: CloudKind, cloud: Cloud): Promise<void> {
  workspace.write('.sops.yaml', `creation_rules:\n  - ${kind.field}: ${cloud.keyText('prod')}\n`);
  workspace.write(FILE, PLAIN);
  const outcome = await run(workspace, cloud, 'encrypt', '-i', FILE);
  expect(outcome.stderr).toBe('');
}

describe.each(MALFORMED)('$kind.name, $name', ({ kind, text, example, spoil }) => {
  it('is refused in a flag, by flag, entry and what is expected', async () => {
    const workspace = makeWorkspace();
    workspace.write(FILE, PLAIN);
    for (const [command, flag] of [
      ['encrypt', kind.flag],
      ['rotate', kind.flag.replace('--', '--add-')],
    ] as const) {
      const outcome = await run(workspace, { env: {} }, command, '-i', flag, text, FILE);
      expect(outcome.status).toBe(1);
      expect(outcome.stderr).toContain(`${flag}: Entry 1 of the list is not a`);
      expect(outcome.stderr).toContain(example);
      expect(workspace.read(FILE)).toBe(PLAIN);
    }
  });

  it('is refused in .sops.yaml, by line, group and file', async () => {
    const cloud = await kind.start();
    try {
      const workspace = makeWorkspace();
      await encrypted(workspace, kind, cloud);
      const before = workspace.read(FILE);
      workspace.write('plain.yaml', PLAIN);
      workspace.write('.sops.yaml', `creation_rules:\n  - ${kind.field}: ${text}\n`);
      cloud.journal.length = 0;
      for (const args of [
        ['updatekeys', '-y', FILE],
        ['encrypt', '-i', 'plain.yaml'],
      ]) {
        const outcome = await run(workspace, cloud, ...args);
        expect(outcome.status).toBe(1);
        expect(outcome.stderr).toMatch(/\.sops\.yaml:2:\d+: /);
        expect(outcome.stderr).toContain(`(group 0 of the creation rule), for ${args[2]}`);
        expect(outcome.stderr).toContain(example);
      }
      expect(workspace.read(FILE)).toBe(before);
      expect(workspace.read('plain.yaml')).toBe(PLAIN);
      expect(cloud.journal).toEqual([]);
    } finally {
      await cloud.close();
    }
  });

  it('is refused in a file, by file, group and key, and nobody is asked', async () => {
    const cloud = await kind.start();
    try {
      const workspace = makeWorkspace();
      await encrypted(workspace, kind, cloud);
      const spoilt = spoil(workspace.read(FILE));
      expect(spoilt).not.toBe(workspace.read(FILE));
      workspace.write(FILE, spoilt);
      workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
      cloud.journal.length = 0;
      for (const args of [
        ['decrypt', FILE],
        ['rotate', '-i', FILE],
        ['updatekeys', '-y', FILE],
      ]) {
        const outcome = await run(workspace, cloud, ...args);
        expect(outcome.status).toBe(args[0] === 'updatekeys' ? 1 : 128);
        expect(outcome.stderr).toContain(`${FILE}: `);
        expect(outcome.stderr).toContain('Group 0: FAILED');
        expect(bare(outcome.stderr)).toContain('Expected ');
        expect(outcome.stderr).not.toContain('canary');
      }
      expect(workspace.read(FILE)).toBe(spoilt);
      expect(cloud.journal).toEqual([]);
    } finally {
      await cloud.close();
    }
  });
});

const NO_CREDENTIALS: readonly (readonly [CloudKind, RegExp])[] = [
  [AWS, /AWS_ACCESS_KEY_ID/],
  [GCP, /gcloud auth application-default login/],
  [AZURE, /az login/],
  [VAULT, /VAULT_TOKEN/],
];
/** Where no metadata service of a cloud answers. */
const NOWHERE = {
  AWS_EC2_METADATA_DISABLED: 'true',
  GCE_METADATA_HOST: '127.0.0.1:9',
  METADATA_SERVER_DETECTION: 'none',
};

describe.each(NO_CREDENTIALS)('without credentials for $name', (kind, nextStep) => {
  it('each command names file, group, key and what to do', async () => {
    const cloud = await kind.start();
    try {
      const workspace = makeWorkspace();
      await encrypted(workspace, kind, cloud);
      const before = workspace.read(FILE);
      workspace.write('plain.yaml', PLAIN);
      cloud.journal.length = 0;
      const places = new Set(['AWS_ENDPOINT_URL', 'SOPS_GCP_KMS_ENDPOINT']);
      const kept = Object.entries(cloud.env).filter(
        ([name]) => places.has(name) || name.startsWith('TIDELOCK') || name.startsWith('NODE'),
      );
      const none = { env: { ...Object.fromEntries(kept), ...NOWHERE } };
      const wrapping = await run(workspace, none, 'encrypt', '-i', 'plain.yaml');
      expect(wrapping.status).toBe(1);
      expect(wrapping.stderr).toContain('plain.yaml: ');
      expect(wrapping.stderr).toContain(`"${cloud.keyText('prod')}" of group 0`);
      expect(wrapping.stderr).toMatch(nextStep);
      workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
      for (const args of [
        ['decrypt', FILE],
        ['rotate', '-i', FILE],
        ['updatekeys', '-y', FILE],
      ]) {
        const outcome = await run(workspace, none, ...args);
        expect(outcome.status).toBe(args[0] === 'updatekeys' ? 1 : 128);
        expect(outcome.stderr).toContain(`${FILE}: `);
        expect(outcome.stderr).toContain('Group 0: FAILED');
        expect(outcome.stderr).toContain(cloud.keyText('prod'));
        expect(bare(outcome.stderr)).toMatch(nextStep);
      }
      expect(workspace.read(FILE)).toBe(before);
      expect(workspace.read('plain.yaml')).toBe(PLAIN);
      expect(cloud.journal).toEqual([]);
    } finally {
      await cloud.close();
    }
  });
});

describe('a region that is none', () => {
  it.each([
    ['arn:aws:kms:nowhere:123456789012:key/k', 'names no AWS region'],
    ['arn:aws:kms:evil.example:123456789012:key/k', 'names no AWS region'],
  ])('%s is refused by file, group and key', async (arn, said) => {
    const workspace = makeWorkspace();
    workspace.write(FILE, PLAIN);
    const outcome = await run(workspace, { env: {} }, 'encrypt', '-i', '--kms', arn, FILE);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain(`${FILE}: `);
    expect(outcome.stderr).toContain(`"${arn}" of group 0`);
    expect(outcome.stderr).toContain(said);
    expect(outcome.stderr).toContain('such as eu-west-1');
  });
});
