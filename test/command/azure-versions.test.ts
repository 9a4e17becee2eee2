import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AZURE, type Cloud } from '../support/clouds.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const FILE = 'secret.yaml';
let cloud: Cloud;
let workspace: Workspace;
/** As people write it: without a version. */
const bare = () => cloud.keyText('prod').replace(/\/[^/]+$/, '');
const current = () => cloud.keyText('prod').split('/').at(-1) ?? '';
const operations = () => cloud.journal.map(({ operation }) => operation);

function run(...args: readonly string[]) {
  const env = { ...workspace.env, ...cloud.env };
  return tidelockBeside(args, { cwd: workspace.folder, env });
}

beforeAll(async () => {
  cloud = await AZURE.start();
});
afterAll(() => cloud.close());
beforeEach(() => {
  workspace = makeWorkspace();
  workspace.write('.sops.yaml', `creation_rules:\n  - azure_keyvault: ${bare()}\n`);
  workspace.write(FILE, 'password: example\n');
  cloud.journal.length = 0;
});

describe('an Azure key without a version', () => {
  it('is stored with the current one, and wrapped for without a further call', async () => {
    expect((await run('encrypt', '-i', FILE)).stderr).toBe('');
    expect(workspace.read(FILE)).toContain(`version: ${current()}`);
    expect(operations()).toEqual(['get']);
    expect((await run('decrypt', FILE)).stdout).toBe('password: example\n');
  });

  it('is asked for once by updatekeys of many files, which are up to date', async () => {
    await run('encrypt', '-i', FILE);
    for (let i = 0; i < 20; i++) workspace.write(`tree/f${i}.yaml`, workspace.read(FILE));
    cloud.journal.length = 0;
    const outcome = await run('updatekeys', '-y', 'tree');
    expect(outcome.stderr.match(/already up to date/g)).toHaveLength(20);
    expect(operations()).toEqual(['get']);
  });

  it('moves files to a newer version', async () => {
    await run('encrypt', '-i', FILE);
    const before = current();
    cloud.renew('prod');
    const outcome = await run('updatekeys', '-y', FILE);
    expect(outcome.stdout).toContain(`--- ${bare()}/${before}`);
    expect(workspace.read(FILE)).toContain(`version: ${current()}`);
    expect(current()).not.toBe(before);
    expect((await run('decrypt', FILE)).stdout).toBe('password: example\n');
  });

  it('that does not exist is named, with file and next step', async () => {
    const missing = bare().replace('/prod', '/missing');
    workspace.write('.sops.yaml', `creation_rules:\n  - azure_keyvault: ${missing}\n`);
    const outcome = await run('encrypt', '-i', FILE);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain(`${FILE}: `);
    expect(outcome.stderr).toContain(`${missing}/`);
    expect(outcome.stderr).toContain('knows no such key (404)');
    expect(outcome.stderr).toContain('hint: ');
    expect(workspace.read(FILE)).toBe('password: example\n');
  });
});
