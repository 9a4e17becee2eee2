import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../fakes/fake-server.ts';
import { AWS, CLOUDS, type Cloud } from '../support/clouds.ts';
import type { Outcome } from '../support/program.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const PLAIN = 'password: example canary value\n';
const FILE = 'secret.yaml';
/** As often as a call is tried. */
const ATTEMPTS = 5;

describe.each(CLOUDS)('with $name failing', (kind) => {
  let cloud: Cloud;
  let workspace: Workspace;
  let before: Buffer;

  const run = (...args: string[]) =>
    tidelockBeside(args, { cwd: workspace.folder, env: { ...workspace.env, ...cloud.env } });
  const useKey = (name: string) =>
    workspace.write('.sops.yaml', `creation_rules:\n  - ${kind.field}: ${cloud.keyText(name)}\n`);
  /** What must hold after every failure. */
  const expectUnharmed = ({ stdout, stderr }: Outcome) => {
    expect(workspace.bytes(FILE).equals(before)).toBe(true);
    expect(readdirSync(workspace.folder).sort()).toEqual(['.sops.yaml', FILE]);
    for (const hidden of [...cloud.credentials, 'canary', 'the fake refuses']) {
      expect(stdout + stderr).not.toContain(hidden);
    }
  };

  beforeAll(async () => {
    cloud = await kind.start();
  });
  afterAll(() => cloud.close());
  beforeEach(async () => {
    cloud.faults.length = 0;
    workspace = makeWorkspace();
    useKey('prod');
    workspace.write(FILE, PLAIN);
    expect((await run('encrypt', '-i', FILE)).stderr).toBe('');
    before = workspace.bytes(FILE);
    cloud.journal.length = 0;
  });

  it.each([
    ['is throttling', (): Fault => cloud.throttled],
    ['answers 500', (): Fault => ({ kind: 'status', status: 500 })],
    ['cuts the connection', (): Fault => ({ kind: 'cut' })],
    ['is slow', (): Fault => ({ kind: 'slow', ms: 300 })],
  ])('every command succeeds when it %s once', async (_, fault) => {
    useKey('next');
    for (const args of [
      ['updatekeys', '-y', FILE],
      ['rotate', '-i', FILE],
      ['decrypt', FILE],
    ]) {
      cloud.faults.push(fault());
      const outcome = await run(...args);
      expect(outcome.status).toBe(0);
      expect(cloud.faults).toHaveLength(0);
      if (args[0] === 'decrypt') expect(outcome.stdout).toBe(PLAIN);
    }
  });

  it('says so when it goes on throttling, and changes nothing', async () => {
    useKey('next');
    for (let i = 0; i < ATTEMPTS; i++) cloud.faults.push(cloud.throttled);
    const outcome = await run('updatekeys', '-y', FILE);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr.replace(/\s+\|?\s*/g, ' ')).toMatch(/throttling.*\(5 attempts\)/);
    expectUnharmed(outcome);
  });

  it.each([
    ['decrypt', [FILE], 128],
    ['rotate', ['-i', FILE], 128],
    ['updatekeys', ['-y', FILE], 1],
    ['set', [FILE, '["password"]', '"example canary new"'], 128],
  ])('%s names a key that is disabled, and changes nothing', async (command, args, status) => {
    useKey(command === 'updatekeys' ? 'next' : 'prod');
    cloud.disable('prod');
    try {
      const outcome = await run(command, ...args);
      expect(outcome.status).toBe(status);
      expect(outcome.stderr).toContain(FILE);
      expect(outcome.stderr).toContain('Group 0: FAILED');
      expect(outcome.stderr).toContain(cloud.keyText('prod'));
      expect(outcome.stderr).toMatch(/disabled|no longer opens/);
      expectUnharmed(outcome);
    } finally {
      cloud.enable('prod');
    }
  });

  it('says that the credentials have expired, and what renews them', async () => {
    cloud.faults.push(cloud.expired);
    const outcome = await run('decrypt', FILE);
    expect(outcome.status).toBe(128);
    expect(outcome.stderr).toMatch(/credentials|access token|denies permission/);
    expect(outcome.stderr.replace(/\s+\|?\s*/g, ' ')).toMatch(/log in|az login|gcloud auth|Log in/);
    expectUnharmed(outcome);
  });

  it.each([
    ['decrypt', [FILE], 25],
    ['rotate', ['-i', FILE], 25],
    ['updatekeys', ['-y', FILE], 1],
  ])('%s believes no data key that opens nothing', async (command, args, status) => {
    useKey('next');
    cloud.faults.push({ kind: 'other-data-key' });
    const outcome = await run(command, ...args);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toContain(FILE);
    expect(outcome.stderr).toContain('Could not decrypt value');
    expect(outcome.stderr).toContain('["password"]');
    expect(outcome.stderr).not.toContain('mistake of tidelock');
    expectUnharmed(outcome);
  });

  it('takes no answer that is none', async () => {
    cloud.faults.push({ kind: 'garbage' });
    const outcome = await run('decrypt', FILE);
    expect(outcome.status).toBe(128);
    expectUnharmed(outcome);
  });

  it('leaves a plain file as it is when the key cannot wrap', async () => {
    workspace.write(FILE, PLAIN);
    before = workspace.bytes(FILE);
    cloud.faults.push(cloud.expired);
    const { status, stdout, stderr } = await run('encrypt', '-i', FILE);
    expect(status).toBe(1);
    expect(stderr).toContain(`${FILE}: `);
    expect(stderr).toContain(cloud.keyText('prod'));
    expect(stderr).toContain('hint: ');
    expectUnharmed({ status, stdout, stderr, bytes: Buffer.alloc(0) });
  });
});

describe('with AWS KMS', () => {
  it('another encryption context in the file opens nothing', async () => {
    const cloud = await AWS.start();
    try {
      const workspace = makeWorkspace();
      const options = { cwd: workspace.folder, env: { ...workspace.env, ...cloud.env } };
      workspace.write(FILE, PLAIN);
      const context = ['--encryption-context', 'env:prod'];
      const key = ['--kms', cloud.keyText('prod')];
      await tidelockBeside(['encrypt', '-i', ...key, ...context, FILE], options);
      expect((await tidelockBeside(['decrypt', FILE], options)).stdout).toBe(PLAIN);
      workspace.write(FILE, workspace.read(FILE).replace('env: prod', 'env: dev'));
      const outcome = await tidelockBeside(['decrypt', FILE], options);
      expect(outcome.status).toBe(128);
      expect(outcome.stderr.replace(/\s+\|?\s*/g, ' ')).toContain('another encryption context');
    } finally {
      await cloud.close();
    }
  });
});
