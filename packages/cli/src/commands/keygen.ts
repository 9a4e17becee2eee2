import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { generateAgeIdentity } from '@tidelock/core';
import type { Command } from '../command.ts';
import { writeAtomically } from '../files/write-atomically.ts';

const OWNER_ONLY = 0o600;

export const keygenCommand: Command = {
  name: 'keygen',
  usage: 'keygen [--output FILE]',
  summary: 'make an age identity; prints its recipient',
  flags: [{ names: ['output', 'o'], kind: 'string', help: 'write the identity to this new file' }],
  async run({ ports, flags }) {
    const { identity, recipient } = generateAgeIdentity();
    const created = ports
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    const text = `# created: ${created}\n# public key: ${recipient}\n${identity}\n`;
    const output = flags.text('output');
    if (output === undefined) {
      ports.stdout(text);
      return 0;
    }
    const path = resolve(ports.cwd, output);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeAtomically({ path, bytes: Buffer.from(text), expected: null, mode: OWNER_ONLY });
    ports.stderr(`Public key: ${recipient}\n`);
    return 0;
  },
};
