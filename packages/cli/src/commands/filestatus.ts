import { readMetadata } from '@tidelock/core';
import type { Command } from '../command.ts';
import { encryptedDocument, inFile } from '../documents.ts';
import { readInput } from '../files/input.ts';
import { TYPE_FLAGS } from '../flag-specs.ts';

export const filestatusCommand: Command = {
  name: 'filestatus',
  usage: 'filestatus FILE',
  summary: 'say as JSON whether a file is encrypted',
  flags: TYPE_FLAGS,
  async run({ ports, flags, positionals }) {
    const input = await readInput(ports, flags, positionals);
    const encrypted = inFile(input.label, () => {
      const { block } = encryptedDocument(input);
      if (block === null) return false;
      const metadata = readMetadata(block);
      return metadata.version !== '' && metadata.mac !== '';
    });
    ports.stdout(`{"encrypted":${encrypted}}\n`);
    return 0;
  },
};
