import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { peerPath } from '../../scripts/peers.mjs';
import { EXAMPLE_SECRET, exampleRepository } from '../support/example-repositories.ts';
import { peer } from '../support/program.ts';
import { backupOf, keepKey, makeSealingKey, secretText } from '../support/sealing.ts';
import { RECIPIENT_1 } from '../support/workspace.ts';

process.env.PATH = peerPath();

describe.skipIf(!peer('sops') || !peer('kubeseal'))('with the real kubeseal and sops', () => {
  it('what kubeseal sealed is moved, and sops opens the very Secret', () => {
    const w = exampleRepository({});
    const key = makeSealingKey({ bits: 4096 });
    const { cert } = keepKey(w, 'sealing', key);
    const backup = w.write('../backup.yaml', backupOf([makeSealingKey({ daysOld: 60 }), key]));
    expect(w.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, backup])).toMatchObject({
      status: 0,
    });
    const scopes = ['strict', 'namespace-wide', 'cluster-wide'];
    for (const scope of scopes)
      for (const format of ['yaml', 'json']) {
        const args = ['--cert', cert, '--scope', scope, '--format', format];
        const sealed = w.run('kubeseal', args, { input: secretText(EXAMPLE_SECRET) });
        w.write(`apps/${scope}.${format}`, sealed.stdout);
      }
    w.git('add', '-A');
    w.git('commit', '-qm', 'sealed');
    const flags = ['--age', RECIPIENT_1, '--recovery-private-key', backup, '--yes'];
    const moved = w.tidelock(['migrate', 'sealed-secrets', ...flags]);
    expect(moved, moved.stderr + moved.stdout).toMatchObject({ status: 0 });
    for (const scope of scopes)
      for (const format of ['yaml', 'json']) {
        const opened = w.run('sops', ['decrypt', `apps/${scope}.${format}`]);
        expect(opened, opened.stderr).toMatchObject({ status: 0 });
        expect(parse(opened.stdout)).toEqual({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'db', namespace: 'apps', labels: { app: 'shop' } },
          type: 'Opaque',
          data: { bytes: 'AP8K' },
          stringData: { password: EXAMPLE_SECRET },
        });
      }
    expect(w.tidelock(['scan'])).toMatchObject({ status: 0 });
  });
});
