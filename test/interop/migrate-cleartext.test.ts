import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { peerPath } from '../../scripts/peers.mjs';
import { EXAMPLE_SECRET, EXAMPLES, exampleRepository } from '../support/example-repositories.ts';
import { peer } from '../support/program.ts';
import { RECIPIENT_1, type Workspace } from '../support/workspace.ts';

beforeAll(() => {
  process.env.PATH = peerPath();
});

function migrated(): Workspace {
  const w = exampleRepository(EXAMPLES.cleartext ?? {});
  w.write('prod.tfvars', `db_password = "${EXAMPLE_SECRET}"\n`);
  expect(w.tidelock(['migrate', 'cleartext', '--age', RECIPIENT_1, '--yes'])).toMatchObject({
    status: 0,
  });
  return w;
}

process.env.PATH = peerPath();

describe.skipIf(!peer('sops'))('with the real sops', () => {
  it('every migrated file opens, and gives back what it was', () => {
    const w = migrated();
    const files = ['.env', 'config/app.json', 'clusters/prod/database-secret.yaml', 'prod.tfvars'];
    for (const file of files) {
      const opened = w.run('sops', ['decrypt', file]);
      expect({ file, ...opened, bytes: null }).toMatchObject({ status: 0 });
      expect(opened.stdout).toContain(EXAMPLE_SECRET);
    }
  });
});

describe.skipIf(!peer('git-filter-repo'))('with the real git filter-repo', () => {
  it('the printed command takes the plaintext out of the history and nothing else', () => {
    const w = migrated();
    w.git('add', '-A');
    expect(w.git('commit', '-qm', 'encrypted').status).toBe(0);
    const again = w.tidelock(['migrate', 'cleartext']);
    const command = /^ {2}(printf .*filter-repo .*)$/m.exec(again.stdout)?.[1] ?? 'false';
    const clone = join(w.home, 'clone');
    mkdirSync(clone);
    w.run('git', ['clone', '-q', `file://${w.folder}`, join(clone, 'r')]);
    const rewritten = w.run('/bin/sh', ['-c', command], { cwd: join(clone, 'r') });
    expect(rewritten, rewritten.stderr).toMatchObject({ status: 0 });
    const scan = w.tidelock(['scan', '--history'], { cwd: join(clone, 'r') });
    expect(scan, scan.stdout).toMatchObject({ status: 0 });
    const tree = (cwd: string) => w.run('git', ['ls-tree', '-r', 'HEAD'], { cwd }).stdout;
    expect(tree(join(clone, 'r'))).toBe(tree(w.folder));
  });
});
