import { describe, expect, it } from 'vitest';
import { peerPath } from '../../scripts/peers.mjs';
import { EXAMPLE_SECRET } from '../support/example-repositories.ts';
import { peer } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1 } from '../support/workspace.ts';

process.env.PATH = peerPath();

describe.skipIf(!peer('sops'))('with the real sops', () => {
  it.each(['x.yaml', 'x.json'])('a Secret written as %s opens', (name) => {
    const w = makeWorkspace();
    w.write('bytes', Uint8Array.of(0, 255));
    const from = ['--from-file', 'password=-', '--from-file', 'bytes'];
    const made = w.tidelock(
      ['kubernetes', 'secret', 'x', ...from, '--age', RECIPIENT_1, '-o', name],
      { input: `${EXAMPLE_SECRET}\nsecond: line\n` },
    );
    expect(made).toMatchObject({ status: 0 });
    const opened = w.run('sops', ['decrypt', '--output-type', 'json', name]);
    expect(opened, opened.stderr).toMatchObject({ status: 0 });
    expect(JSON.parse(opened.stdout)).toMatchObject({
      kind: 'Secret',
      data: { bytes: 'AP8=' },
      stringData: { password: `${EXAMPLE_SECRET}\nsecond: line\n` },
    });
  });
});
