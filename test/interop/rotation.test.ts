import { join } from 'node:path';
import { generateAgeIdentity } from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { peer, repositoryRoot } from '../support/program.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const hasSops = peer('sops');
const program = join(repositoryRoot, 'packages/rotation-bot/dist/tidelock-rotate.js');

const FILES: Readonly<Record<string, string>> = {
  'a.yaml': '# top\na: one\nb:\n  - x # behind\n  - 2\nc: 1.5\nd_unencrypted: open\n---\ne: f\n',
  'b.json': '{\n  "a": "one",\n  "b": ["x", 2, null, {}],\n  "c": 1.5\n}\n',
  'c.env': '# top\na=one\nb=two words\nc=\n',
  'd.ini': '[a]\n; note\nb = two\nc = 3\n[d]\ne = f\n',
  'e.bin': 'one\u0000two\n',
};
const PATHS = Object.keys(FILES);

const [bot, alice, leaver] = [
  generateAgeIdentity(),
  generateAgeIdentity(),
  generateAgeIdentity(),
] as const;

type Identity = typeof bot;

const config = (groups: readonly (readonly Identity[])[], more = '') =>
  `creation_rules:\n  - key_groups:\n${groups
    .map((group) => `      - age: [${group.map(({ recipient }) => recipient).join(', ')}]\n`)
    .join('')}${more}`;

const as = (...who: readonly Identity[]) => ({
  SOPS_AGE_KEY: who.map(({ identity }) => identity).join('\n'),
});

const sops = (workspace: Workspace, args: readonly string[], who: readonly Identity[]) =>
  workspace.run('sops', args, { env: { ...as(...who), SOPS_AGE_KEY_FILE: '' } });

function commit(workspace: Workspace): void {
  workspace.git('add', '--all');
  workspace.git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
}

/** A repository of files that the real sops encrypted for these groups. */
function repositoryFor(groups: readonly (readonly Identity[])[]): Workspace {
  const workspace = makeWorkspace();
  workspace.git('init', '--quiet', '--initial-branch=main');
  workspace.write('.sops.yaml', config(groups));
  for (const [path, text] of Object.entries(FILES)) {
    workspace.write(path, text);
    expect(sops(workspace, ['encrypt', '-i', path], []).status).toBe(0);
  }
  commit(workspace);
  return workspace;
}

/** Rewrites what the new configuration makes due, and puts the results in place. */
function rotateTo(workspace: Workspace, rules: string): string {
  workspace.write('.sops.yaml', rules);
  commit(workspace);
  const args = [program, 'apply', '--shard', '0/1', '--out', 'results.jsonl'];
  const { status, stderr } = workspace.run(process.execPath, args, { env: as(bot) });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '5 files rewritten and proved\n' });
  const [head = '', ...lines] = workspace.read('results.jsonl').trim().split('\n');
  for (const line of lines) {
    const { path, contents } = JSON.parse(line) as { path: string; contents: string };
    workspace.write(path, Buffer.from(contents, 'base64'));
  }
  commit(workspace);
  return head;
}

const decrypted = (workspace: Workspace, path: string, ...who: readonly Identity[]) =>
  sops(workspace, ['decrypt', path], who);

describe.skipIf(!hasSops)('files that the bot rewrote, and the real sops', () => {
  it('open for who stays and who joins, and no longer for who left', () => {
    const workspace = repositoryFor([[bot, leaver]]);
    const before = PATHS.map((path) => decrypted(workspace, path, leaver).bytes);
    rotateTo(workspace, config([[bot, alice]]));
    for (const [i, path] of PATHS.entries()) {
      expect(decrypted(workspace, path, bot).bytes).toEqual(before[i]);
      expect(decrypted(workspace, path, alice).bytes).toEqual(before[i]);
      expect(decrypted(workspace, path, leaver).status).not.toBe(0);
      const check = sops(workspace, ['updatekeys', '-y', path], [bot]);
      expect(check.stderr + check.stdout).toContain('already up to date');
    }
    const again = workspace.run(process.execPath, [program, 'plan', '--check'], { env: as(bot) });
    expect(again).toMatchObject({ status: 0, stdout: 'Nothing is due: 5 up to date.\n' });
  });

  it('need as many groups as the new threshold says', () => {
    const workspace = repositoryFor([[bot]]);
    const before = PATHS.map((path) => decrypted(workspace, path, bot).bytes);
    const groups = [[bot], [alice], [leaver]];
    rotateTo(workspace, config(groups, '    shamir_threshold: 2\n'));
    for (const [i, path] of PATHS.entries()) {
      expect(decrypted(workspace, path, bot).status).not.toBe(0);
      expect(decrypted(workspace, path, alice, leaver).bytes).toEqual(before[i]);
    }
  });

  it('hold to another selection rule', () => {
    const workspace = repositoryFor([[bot]]);
    const before = PATHS.map((path) => decrypted(workspace, path, bot).bytes);
    const rules = config([[bot, alice]], '    unencrypted_suffix: _nothing\n');
    const head = rotateTo(workspace, rules);
    expect(head).toContain('"reencrypt"');
    for (const [i, path] of PATHS.entries())
      expect(decrypted(workspace, path, alice).bytes).toEqual(before[i]);
    expect(workspace.read('a.yaml')).not.toContain('d_unencrypted: open');
  });
});
