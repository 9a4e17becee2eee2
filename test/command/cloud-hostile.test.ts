import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Recorder, startRecorder } from '../fakes/recorder.ts';
import { AWS, AZURE, type Cloud, type CloudKind, GCP, VAULT } from '../support/clouds.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const FILE = 'secret.yaml';
const IN_CI = { CI: 'true' };
const COMMANDS = [
  ['decrypt', FILE],
  ['rotate', '-i', FILE],
  ['set', FILE, '["password"]', '"other"'],
  ['updatekeys', '-y', FILE],
  ['exec-env', FILE, 'true'],
];

let evil: Recorder;
let cloud: Cloud;
let workspace: Workspace;

beforeEach(async () => {
  evil = await startRecorder();
  workspace = makeWorkspace();
});
afterEach(async () => {
  await Promise.all([evil.close(), cloud.close()]);
});

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return tidelockBeside(args, {
    cwd: workspace.folder,
    env: { ...workspace.env, ...cloud.env, ...env },
  });
}

const ruleOf = (kind: CloudKind, ...names: readonly string[]) =>
  `creation_rules:\n  - ${kind.field}: ${names.map((name) => cloud.keyText(name)).join(',')}\n`;

/** A file whose metadata was changed to what the attacker wants. */
async function prepare(kind: CloudKind, spoil: (text: string) => string): Promise<string> {
  cloud = await kind.start();
  workspace.write('.sops.yaml', ruleOf(kind, 'prod'));
  workspace.write(FILE, 'password: example\n');
  expect((await run(['encrypt', '-i', FILE])).stderr).toBe('');
  const spoilt = spoil(workspace.read(FILE));
  expect(spoilt).not.toBe(workspace.read(FILE));
  workspace.write(FILE, spoilt);
  // So that updatekeys has something to do, and therefore to open.
  workspace.write('.sops.yaml', ruleOf(kind, 'prod', 'more'));
  cloud.journal.length = 0;
  return spoilt;
}

interface Attack {
  readonly what: string;
  readonly kind: CloudKind;
  readonly spoil: (text: string) => string;
  /** Where it is refused without any list, outside CI too. */
  readonly always?: boolean;
}

const ATTACKS: readonly Attack[] = [
  {
    what: 'a vault_address of the attacker',
    kind: VAULT,
    spoil: (text) => text.replace(/vault_address: .*/, `vault_address: http://${evil.host}`),
  },
  {
    what: 'a vault_address with the right host as its user name',
    kind: VAULT,
    spoil: (text) => text.replace(/vault_address: (.*)/, `vault_address: $1@${evil.host}`),
    always: true,
  },
  {
    what: 'an engine path that climbs out of transit',
    kind: VAULT,
    spoil: (text) => text.replace('engine_path: transit', 'engine_path: transit/../sys/wrapping'),
    always: true,
  },
  {
    what: 'a vault_url of the attacker',
    kind: AZURE,
    spoil: (text) => text.replace(/vault_url: .*/, `vault_url: https://${evil.host}`),
    always: true,
  },
  {
    what: "a vault_url that ends like Azure's own",
    kind: AZURE,
    spoil: (text) => text.replace(/vault_url: .*/, 'vault_url: https://127.0.0.1/.vault.azure.net'),
    always: true,
  },
  {
    what: 'another account',
    kind: AWS,
    spoil: (text) => text.replace(':123456789012:', ':210987654321:'),
  },
  {
    what: 'a role of the attacker',
    kind: AWS,
    spoil: (text) =>
      text.replace(
        /(\n +)(?:- )?arn: (\S+)/,
        '$1- arn: $2$1  role: arn:aws:iam::210987654321:role/x',
      ),
  },
  {
    what: "a profile of the user's that no rule names",
    kind: AWS,
    spoil: (text) => text.replace('aws_profile: ""', 'aws_profile: admin'),
  },
  {
    what: 'another project',
    kind: GCP,
    spoil: (text) => text.replace('projects/p/', 'projects/attacker/'),
  },
];

describe.each(ATTACKS)('$what in a file', ({ kind, spoil, always = false }) => {
  const expectNothingSent = async (
    env: Readonly<Record<string, string>>,
    spoilt: string,
    flags: readonly string[] = [],
  ) => {
    for (const [command = '', ...args] of COMMANDS) {
      const outcome = await run([command, ...flags, ...args], env);
      expect(outcome.status).not.toBe(0);
      expect(outcome.stderr).toContain(FILE);
      expect(workspace.read(FILE)).toBe(spoilt);
    }
    expect(evil.connections).toEqual([]);
    expect(cloud.journal).toEqual([]);
  };

  it('reaches nobody in CI', async () => {
    await expectNothingSent(IN_CI, await prepare(kind, spoil));
  });

  it(`reaches nobody ${always ? 'anywhere' : 'once a list says who may be asked'}`, async () => {
    const spoilt = await prepare(kind, spoil);
    const list = always ? {} : { TIDELOCK_KMS_ALLOWLIST: 'https://vault.example.com' };
    await expectNothingSent(list, spoilt);
    if (!always) {
      await expectNothingSent({}, spoilt, [
        '--kms-allowlist',
        'https://vault.example.com,projects/q',
      ]);
    }
  });
});

describe('in CI', () => {
  it.each([AWS, GCP, AZURE, VAULT])('what .sops.yaml names of $name opens', async (kind) => {
    await prepare(kind, (text) => `${text}# touched\n`);
    const outcome = await run(['decrypt', FILE], IN_CI);
    expect(outcome.stdout).toContain('password: example');
    expect((await run(['rotate', '-i', FILE], IN_CI)).status).toBe(0);
    expect((await run(['updatekeys', '-y', FILE], IN_CI)).status).toBe(0);
  });

  it('what .tidelock.yaml names opens, and no other key of the same file', async () => {
    await prepare(VAULT, (text) => `${text}# touched\n`);
    workspace.git('init', '-q', '-b', 'main');
    workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
    expect((await run(['decrypt', FILE], IN_CI)).status).toBe(128);
    expect(cloud.journal).toEqual([]);
    const policy = (address: string) =>
      `version: 1\nrecipients:\n  prod: { hc_vault: "${address}" }\n`;
    workspace.write('.tidelock.yaml', policy(cloud.keyText('prod')));
    expect((await run(['decrypt', FILE], IN_CI)).stdout).toContain('password: example');
    cloud.journal.length = 0;
    workspace.write('.tidelock.yaml', policy('https://vault.example.com/v1/transit/keys/prod'));
    expect((await run(['decrypt', FILE], IN_CI)).status).toBe(128);
    expect(cloud.journal).toEqual([]);
  });

  describe('of a pull request', () => {
    const PULL_REQUEST = { CI: 'true', GITHUB_BASE_REF: 'main' };

    /** The base names the key of `prod` alone; the pull request, whatever `rules` says. */
    async function pullRequest(rules: string): Promise<void> {
      workspace.git('init', '-q', '-b', 'change');
      workspace.git('config', 'user.email', 'tester@example.com');
      workspace.git('config', 'user.name', 'tester');
      workspace.write('.sops.yaml', ruleOf(VAULT, 'prod'));
      workspace.git('add', '.');
      workspace.git('commit', '-qm', 'base');
      workspace.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
      workspace.write('.sops.yaml', rules);
    }
    const evilRules = () =>
      `creation_rules:\n  - hc_vault_transit_uri: http://${evil.host}/v1/transit/keys/prod\n`;

    it('an address that the change itself adds to .sops.yaml gets no token', async () => {
      const moved = (text: string) =>
        text.replace(/vault_address: .*/, `vault_address: http://${evil.host}`);
      await prepare(VAULT, moved);
      await pullRequest(evilRules());
      workspace.write('new.yaml', 'password: example\n');
      for (const args of [...COMMANDS, ['encrypt', '-i', 'new.yaml']]) {
        const outcome = await run(args, PULL_REQUEST);
        if (args[0] !== 'updatekeys') expect(outcome.status).not.toBe(0);
      }
      expect(evil.connections).toEqual([]);
    });

    it('an address that the change itself adds to .tidelock.yaml gets no token', async () => {
      await prepare(VAULT, (text) =>
        text.replace(/vault_address: .*/, `vault_address: http://${evil.host}`),
      );
      await pullRequest(ruleOf(VAULT, 'prod'));
      const recipient = `{ hc_vault: "http://${evil.host}/v1/transit/keys/prod" }`;
      workspace.write('.tidelock.yaml', `version: 1\nrecipients:\n  mine: ${recipient}\n`);
      expect((await run(['decrypt', FILE], PULL_REQUEST)).status).toBe(128);
      expect(evil.connections).toEqual([]);
      workspace.git('add', '.');
      workspace.git('commit', '-qm', 'merged');
      workspace.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
      await run(['decrypt', FILE], PULL_REQUEST);
      expect(evil.connections).not.toEqual([]);
    });

    it('what the base names opens, whatever the change says', async () => {
      await prepare(VAULT, (text) => `${text}# touched\n`);
      await pullRequest(evilRules());
      const outcome = await run(['decrypt', FILE], PULL_REQUEST);
      expect(outcome.stdout).toContain('password: example');
    });

    it('nobody is asked when the base was not fetched, and the error says so', async () => {
      await prepare(VAULT, (text) => `${text}# touched\n`);
      await pullRequest(ruleOf(VAULT, 'prod'));
      workspace.git('update-ref', '-d', 'refs/remotes/origin/main');
      const outcome = await run(['decrypt', FILE], PULL_REQUEST);
      expect(outcome.status).toBe(128);
      expect(outcome.stderr).toContain('fetched');
      expect(cloud.journal).toEqual([]);
      const listed = {
        ...PULL_REQUEST,
        TIDELOCK_KMS_ALLOWLIST: cloud.keyText('').replace(/\/v1\/.*/, ''),
      };
      expect((await run(['decrypt', FILE], listed)).status).toBe(0);
    });

    it('publish goes by the destinations of the base', async () => {
      await prepare(VAULT, (text) => `${text}# touched\n`);
      await pullRequest(
        `destination_rules:\n  - vault_path: x\n    vault_address: http://${evil.host}\n`,
      );
      const outcome = await run(['publish', '-y', FILE], PULL_REQUEST);
      expect(outcome.stderr).toContain('no matching destination found in config');
      expect(evil.connections).toEqual([]);
    });
  });
});
