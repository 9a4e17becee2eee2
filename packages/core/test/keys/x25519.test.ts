import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generateX25519, x25519Point } from '../../src/keys/x25519.ts';

it('works out the public point that the private key has', () => {
  for (let i = 0; i < 20; i++) {
    const { privateKey, point } = generateX25519();
    expect(Buffer.from(point)).toEqual(Buffer.from(x25519Point(createPublicKey(privateKey))));
  }
});

/** Where the generated key was exported, one in some thousand never returned. */
it('returns, however often memory is collected in between', { timeout: 120_000 }, () => {
  const built = fileURLToPath(new URL('../../dist/keys/x25519.js', import.meta.url));
  const script = `import { generateX25519 } from ${JSON.stringify(built)};
    for (let i = 0; i < 15_000; i++) generateX25519();`;
  const args = ['--max-semi-space-size=1', '--input-type=module', '--eval', script];
  const { status, stderr } = spawnSync(process.execPath, args, { timeout: 100_000 });
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: '' });
});
