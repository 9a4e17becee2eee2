import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { AWS, CLOUDS, type Cloud } from '../support/clouds.ts';
import { tidelockProgram } from '../support/program.ts';
import { startBeside, tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const FILES = 100;
let cloud: Cloud;
afterEach(() => cloud.close());

const nameOf = (i: number) => `tree/f${i}.yaml`;
const rule = (field: string, key: string) => `creation_rules:\n  - ${field}: ${key}\n`;

async function encryptOne(workspace: Workspace, name: string, text: string): Promise<Buffer> {
  workspace.write(name, text);
  const options = { cwd: workspace.folder, env: { ...workspace.env, ...cloud.env } };
  const outcome = await tidelockBeside(['encrypt', '-i', name], options);
  expect(outcome.stderr).toBe('');
  return workspace.bytes(name);
}

const countOf = (operation: string) =>
  cloud.journal.filter((entry) => entry.operation === operation).length;

describe.each(CLOUDS)('updatekeys of files that share one key of $name', (kind) => {
  it('unwraps each wrapped key once, wraps each file once, and asks nothing else', async () => {
    cloud = await kind.start();
    const workspace = makeWorkspace();
    const env = { ...workspace.env, ...cloud.env };
    const run = (...args: string[]) => tidelockBeside(args, { cwd: workspace.folder, env });
    workspace.write('.sops.yaml', rule(kind.field, cloud.keyText('old')));
    // Four data keys, each in many files: copies have the wrapped key of what they were copied from.
    const DATA_KEYS = 4;
    for (let i = 0; i < DATA_KEYS; i++) await encryptOne(workspace, nameOf(i), `a: ${i}\n`);
    for (let i = DATA_KEYS; i < FILES; i++) {
      workspace.write(nameOf(i), workspace.bytes(nameOf(i % DATA_KEYS)));
    }
    cloud.journal.length = 0;

    const current = await run('updatekeys', '-y', 'tree');
    expect(current.stderr).toContain('already up to date');
    expect(cloud.journal).toEqual([]);

    workspace.write('.sops.yaml', rule(kind.field, cloud.keyText('new')));
    const changed = await run('updatekeys', '-y', 'tree');
    expect(changed.stderr).not.toContain('[ERR_');
    expect(changed.status).toBe(0);
    // One answer serves all copies of a wrapped key; what each file gets is wrapped for it alone, so
    // that nobody sees from two files that they share a data key. Proving them asks nobody.
    expect(countOf(kind.unwrap)).toBe(DATA_KEYS);
    expect(countOf(kind.wrap)).toBe(FILES);
    expect(cloud.journal).toHaveLength(DATA_KEYS + FILES);
    expect(new Set(Array.from({ length: FILES }, (_, i) => workspace.read(nameOf(i)))).size).toBe(
      FILES,
    );
    const back = await run('decrypt', nameOf(FILES - 1));
    expect(back.stdout).toBe(`a: ${(FILES - 1) % DATA_KEYS}\n`);
  });
});

describe('Ctrl-C during updatekeys', () => {
  it('leaves every file whole, old or new, says how many, and exits 130', async () => {
    const quick = await AWS.start();
    cloud = quick;
    const workspace = makeWorkspace();
    workspace.write('.sops.yaml', rule(AWS.field, cloud.keyText('old')));
    const before = await encryptOne(workspace, nameOf(0), 'password: example\n');
    for (let i = 1; i < FILES; i++) workspace.write(nameOf(i), before);
    workspace.write('.sops.yaml', rule(AWS.field, cloud.keyText('new')));

    const options = { cwd: workspace.folder, env: { ...workspace.env, ...cloud.env } };
    const args = [tidelockProgram, 'updatekeys', '-y', '--concurrency', '2', 'tree'];
    for (let i = 0; i < 2 * FILES; i++) cloud.faults.push({ kind: 'slow', ms: 40 });
    const { child, outcome } = startBeside(process.execPath, args, options);
    const ENOUGH = 8;
    while (cloud.journal.length < ENOUGH) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    const { status, stderr } = await outcome;

    const left = Number(/interrupted: (\d+) of 100 files are as they were/.exec(stderr)?.[1]);
    expect(status).toBe(130);
    const untouched = Array.from({ length: FILES }, (_, i) => workspace.bytes(nameOf(i))).filter(
      (bytes) => bytes.equals(before),
    );
    expect(untouched).toHaveLength(left);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(FILES);
    expect(readdirSync(workspace.path('tree')).filter((name) => name.includes('.tmp'))).toEqual([]);
    cloud.faults.length = 0;
    const again = await tidelockBeside(['updatekeys', '-y', 'tree'], options);
    expect(again.status).toBe(0);
    const opened = await tidelockBeside(['decrypt', nameOf(FILES - 1)], options);
    expect(opened.stdout).toBe('password: example\n');
  });
});
