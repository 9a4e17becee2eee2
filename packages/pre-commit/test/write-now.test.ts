import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = fileURLToPath(new URL('../dist/library/write-now.js', import.meta.url));
const SIZE = 3_000_000;

interface Ended {
  readonly received: number;
  readonly code: number | null;
  readonly inOrder: boolean;
}

/** A process that writes much, read by somebody who starts late or stops early. */
function writing(descriptor: 1 | 2, closeAfter: number | null): Promise<Ended> {
  const script = `import { writeNow } from ${JSON.stringify(module)};
for (let i = 0; i < 30; i++) writeNow(${descriptor}, String(i % 10).repeat(${SIZE / 30}));
writeNow(${descriptor}, 'end');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stream = descriptor === 1 ? child.stdout : child.stderr;
  (descriptor === 1 ? child.stderr : child.stdout).resume();
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    setTimeout(() => {
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (closeAfter !== null) stream.destroy();
      });
    }, 100);
    child.on('close', (code) => {
      const text = Buffer.concat(chunks).toString();
      const inOrder = /^0+1+2+3+4+5+6+7+8+9+(?:\d+)end$/.test(text);
      resolve({ received: text.length, code, inOrder });
    });
  });
}

test.each([1, 2] as const)(
  '%i: all of it arrives in order at a slow reader',
  async (descriptor) => {
    expect(await writing(descriptor, null)).toEqual({ received: SIZE + 3, code: 0, inOrder: true });
  },
);

test.each([1, 2] as const)('%i: a reader that has enough is no failure', async (descriptor) => {
  expect((await writing(descriptor, 1)).code).toBe(0);
});
