import { spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tidelockProgram } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const KILLS = 200;
const AT_ONCE = 4;

/** Starts a command and kills it after `delay` ms; resolves when it is gone. */
function killAfter(workspace: Workspace, args: readonly string[], delay: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [tidelockProgram, ...args], {
      cwd: workspace.folder,
      env: workspace.env,
      stdio: 'ignore',
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), delay);
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

describe('a kill at any moment', () => {
  it(`leaves the old file or the new one, ${KILLS} times`, { timeout: 240_000 }, async () => {
    const workspace = makeWorkspace();
    const plain = Array.from({ length: 400 }, (_, i) => `key${i}: value number ${i}\n`).join('');
    workspace.write('plain.yaml', plain);
    expect(
      workspace.tidelock(['encrypt', '--age', RECIPIENT_1, '--output', 'old.yaml', 'plain.yaml'])
        .status,
    ).toBe(0);
    const old = workspace.read('old.yaml');
    const started = Date.now();
    workspace.write('f0.yaml', old);
    workspace.tidelock(['set', 'f0.yaml', '["key7"]', '"changed"']);
    const whole = Date.now() - started;

    const rounds = Math.ceil(KILLS / AT_ONCE);
    for (let round = 0; round < rounds; round++) {
      const names = Array.from({ length: AT_ONCE }, (_, i) => `f${i}.yaml`);
      for (const name of names) workspace.write(name, old);
      await Promise.all(
        names.map((name) =>
          killAfter(
            workspace,
            ['set', name, '["key7"]', '"changed"'],
            whole * AT_ONCE * Math.random() * 0.7,
          ),
        ),
      );
      for (const name of names) {
        const now = workspace.read(name);
        if (now === old) continue;
        const opened = workspace.tidelock(['decrypt', name]);
        expect(opened.stderr).toBe('');
        expect(opened.stdout).toBe(plain.replace('value number 7\n', 'changed\n'));
      }
    }
  });
});

describe('the target of an in-place write', () => {
  it('keeps its mode and stays behind its symbolic link', () => {
    const workspace = makeWorkspace();
    workspace.write('real/f.yaml', 'a: 1\n');
    symlinkSync('real/f.yaml', workspace.path('link.yaml'));
    workspace.run('chmod', ['640', 'real/f.yaml']);
    expect(workspace.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, 'link.yaml']).status).toBe(0);
    expect(lstatSync(workspace.path('link.yaml')).isSymbolicLink()).toBe(true);
    expect(workspace.read('real/f.yaml')).toContain('ENC[');
    expect(statSync(workspace.path('real/f.yaml')).mode & 0o777).toBe(0o640);
  });

  it('is refused when it has other hard links, and written with --in-place=truncate', () => {
    const workspace = makeWorkspace();
    workspace.write('f.yaml', 'a: 1\n');
    linkSync(workspace.path('f.yaml'), workspace.path('g.yaml'));
    const refused = workspace.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, 'f.yaml']);
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain('ERR_HARD_LINK');
    expect(workspace.read('f.yaml')).toBe('a: 1\n');
    expect(
      workspace.tidelock(['encrypt', '--in-place=truncate', '--age', RECIPIENT_1, 'f.yaml']).status,
    ).toBe(0);
    expect(workspace.read('g.yaml')).toContain('ENC[');
  });

  it('is refused when its folder has vanished, and a full disk leaves it whole', () => {
    const workspace = makeWorkspace();
    workspace.write('f.yaml', 'a: 1\n');
    const gone = workspace.tidelock([
      'encrypt',
      '--age',
      RECIPIENT_1,
      '--output',
      'none/f.yaml',
      'f.yaml',
    ]);
    expect(gone.status).toBe(3);
    const full = workspace.run(
      '/bin/sh',
      [
        '-c',
        `ulimit -f 1; trap '' XFSZ; exec "${process.execPath}" "${tidelockProgram}" encrypt -i --age ${RECIPIENT_1} big.yaml`,
      ].map(String),
      { env: bigFile(workspace) },
    );
    expect(full.stderr).toContain('ERR_DISK_FULL');
    expect(full.status).toBe(3);
    expect(workspace.read('big.yaml')).toBe(BIG);
    expect(readdirSync(workspace.folder).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('is not overwritten when another process changed it meanwhile', () => {
    const workspace = makeWorkspace();
    workspace.write('f.yaml', 'a: 1\n');
    workspace.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, 'f.yaml']);
    const editor = workspace.write(
      'editor.sh',
      `#!/bin/sh\nprintf 'b: 2\\n' > "$1"\nprintf 'foreign: change\\n' > "${workspace.path('f.yaml')}"\n`,
    );
    workspace.run('chmod', ['700', 'editor.sh']);
    const outcome = workspace.tidelock(['edit', 'f.yaml'], { env: { SOPS_EDITOR: editor } });
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toContain('ERR_CHANGED_MEANWHILE');
    expect(workspace.read('f.yaml')).toBe('foreign: change\n');
  });
});

const BIG = `a: "${'x'.repeat(20_000)}"\n`;

function bigFile(workspace: Workspace): Record<string, string> {
  workspace.write('big.yaml', BIG);
  return {};
}

describe('nothing is left behind', () => {
  it('in the temporary folder after edit, exec-file and a failed editor', () => {
    const workspace = makeWorkspace();
    workspace.write('f.yaml', 'a: 1\n');
    workspace.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, 'f.yaml']);
    workspace.tidelock(['edit', 'f.yaml'], { env: { EDITOR: 'true' } });
    workspace.tidelock(['edit', 'f.yaml'], { env: { EDITOR: 'false' } });
    workspace.tidelock(['exec-file', 'f.yaml', 'cat {}']);
    workspace.tidelock(['exec-file', '--no-fifo', 'f.yaml', 'cat {}; exit 3']);
    const temporary = workspace.env.TMPDIR ?? '';
    expect(existsSync(temporary)).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readFileSync(workspace.path('f.yaml'), 'utf8')).toContain('ENC[');
  });
});
