import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AWS, type Cloud } from '../support/clouds.ts';
import { ON_A_TERMINAL } from '../support/on-a-terminal.ts';
import { type Outcome, peer, tidelockProgram } from '../support/program.ts';
import { runBeside } from '../support/run-beside.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const PLAIN = 'password: example\n';
const FILES = 6;
const CLEAR_LINE = '\r\u001b[K';

describe.skipIf(!peer('python3'))('on a terminal, with a key service that takes its time', () => {
  let cloud: Cloud;
  let workspace: Workspace;
  afterEach(() => cloud.close());

  const onTerminal = (typed: string, ...args: string[]): Promise<Outcome> =>
    runBeside('python3', ['-c', ON_A_TERMINAL, typed, process.execPath, tidelockProgram, ...args], {
      cwd: workspace.folder,
      env: { ...workspace.env, ...cloud.env },
    });
  const slow = (ms: number) => {
    for (let i = 0; i < 2 * FILES; i++) cloud.faults.push({ kind: 'slow', ms });
  };
  const useKey = (name: string) =>
    workspace.write('.sops.yaml', `creation_rules:\n  - ${AWS.field}: ${cloud.keyText(name)}\n`);

  beforeEach(async () => {
    cloud = await AWS.start();
    workspace = makeWorkspace();
    useKey('old');
    workspace.write('tree/f0.yaml', PLAIN);
    const encrypted = await onTerminal('', 'encrypt', '-i', 'tree/f0.yaml');
    expect(encrypted, encrypted.stdout).toMatchObject({ status: 0, stdout: '' });
  });

  it.each([
    ['decrypt', ['tree/f0.yaml'], 'password: example'],
    ['encrypt', ['plain.yaml'], 'sops:'],
    ['rotate', ['tree/f0.yaml'], 'sops:'],
  ])(
    '%s says that it waits after a second, and leaves no rest of it',
    async (name, args, shown) => {
      workspace.write('plain.yaml', PLAIN);
      slow(1500);
      const { status, stdout } = await onTerminal('', name, ...args);
      expect(status).toBe(0);
      expect(stdout).toContain(`${CLEAR_LINE}asking key services`);
      const rest = stdout.slice(stdout.lastIndexOf('asking key services'));
      expect(rest.indexOf(CLEAR_LINE)).toBe('asking key services'.length);
      expect(rest).toContain(shown);
    },
  );

  it('updatekeys counts the files', async () => {
    for (let i = 1; i < FILES; i++)
      workspace.write(`tree/f${i}.yaml`, workspace.bytes('tree/f0.yaml'));
    useKey('new');
    slow(600);
    const args = ['updatekeys', '-y', '--concurrency', '2', 'tree'];
    const { status, stdout } = await onTerminal('', ...args);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\r\u001b\[K\d of 6 files/);
    expect(stdout).not.toContain('asking key services');
  });

  it('Ctrl-C ends it at once, says what is left, and leaves every file whole', async () => {
    for (let i = 1; i < FILES; i++)
      workspace.write(`tree/f${i}.yaml`, workspace.bytes('tree/f0.yaml'));
    const before = workspace.bytes('tree/f0.yaml');
    useKey('new');
    slow(20_000);
    const { status, stdout } = await onTerminal('^C', 'updatekeys', '-y', 'tree');
    expect(status, stdout).toBe(130);
    expect(stdout).toContain('interrupted: 6 of 6 files are as they were');
    for (let i = 0; i < FILES; i++) expect(workspace.bytes(`tree/f${i}.yaml`)).toEqual(before);
    expect(readdirSync(workspace.path('tree'))).toHaveLength(FILES);
  });
});
