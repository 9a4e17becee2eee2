import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vector } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, RECIPIENT_2, type Workspace } from '../support/workspace.ts';

/** Enough that the work is shared among processes. */
const MANY = 240;

function prepare(workspace: Workspace, count: number): string[] {
  const encrypted = readFileSync(vector('set.before.enc.yaml'));
  workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1},${RECIPIENT_2}\n`);
  return Array.from({ length: count }, (_, i) => {
    workspace.write(`tree/f${i}.yaml`, encrypted);
    return `tree/f${i}.yaml`;
  });
}

const readersOf = (workspace: Workspace, names: readonly string[]) =>
  workspace
    .tidelock(['inspect', '--json', ...names])
    .stdout.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).keyGroups[0].map((key: { id: string }) => key.id));

describe('updatekeys', () => {
  it('of many files gives each its readers, by whichever process', () => {
    const workspace = makeWorkspace();
    const names = prepare(workspace, MANY);
    const outcome = workspace.tidelock(['updatekeys', '-y', 'tree']);
    expect(outcome.status).toBe(0);
    expect(outcome.stderr.match(/synced with new keys/g)).toHaveLength(MANY);
    expect(new Set(readersOf(workspace, names).map(String))).toEqual(
      new Set([`${RECIPIENT_1},${RECIPIENT_2}`]),
    );
    expect(workspace.tidelock(['updatekeys', '--check', 'tree']).status).toBe(0);
    const second = { SOPS_AGE_KEY_FILE: vector('age-key2.txt') };
    expect(workspace.tidelock(['decrypt', names[MANY - 1] ?? ''], { env: second }).status).toBe(0);
  });

  it('tells of files in their order, whichever is done first', () => {
    const workspace = makeWorkspace();
    const names = prepare(workspace, 40);
    workspace.write('tree/f7.yaml', 'name: nobody encrypted this\n');
    const { stderr } = workspace.tidelock(['updatekeys', '-y', ...names]);
    const told = [...stderr.matchAll(/^File (\S+) synced/gm)].map(([, name]) => name);
    expect(told).toEqual(names.filter((name) => name !== 'tree/f7.yaml'));
  });

  it('of many files counts what fails in every process, and does the others', () => {
    const workspace = makeWorkspace();
    prepare(workspace, MANY);
    const broken = readFileSync(vector('ssh.enc.yaml'));
    workspace.write('tree/f1.yaml', broken);
    workspace.write('tree/f99.yaml', broken);
    const outcome = workspace.tidelock(['updatekeys', '-y', 'tree']);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('failed updating 2 key(s)');
    expect(outcome.stderr.match(/synced with new keys/g)).toHaveLength(MANY - 2);
  });

  it('--check changes nothing and exits 1 on drift', () => {
    const workspace = makeWorkspace();
    const [name = ''] = prepare(workspace, 1);
    const before = workspace.read(name);
    expect(workspace.tidelock(['updatekeys', '--check', 'tree']).status).toBe(1);
    expect(workspace.read(name)).toBe(before);
  });

  it('asks, and leaves the file alone when the answer is no', () => {
    const workspace = makeWorkspace();
    const [name = ''] = prepare(workspace, 1);
    const before = workspace.read(name);
    const outcome = workspace.tidelock(['updatekeys', name], { input: 'n\n' });
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain('Is this okay? (y/n):');
    expect(workspace.read(name)).toBe(before);
  });
});
