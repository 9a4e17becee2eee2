import { encrypt, recordKeys } from '@tidelock/core';
import { encryptBesideOther } from '../against.ts';
import type { Command } from '../command.ts';
import { findConfig } from '../config-lookup.ts';
import { inFileAsync, plainDocument } from '../documents.ts';
import { emitAs } from '../emitting.ts';
import { encryptionSettings } from '../encryption-settings.ts';
import { readInput } from '../files/input.ts';
import { checkDestination, writeResult } from '../files/output.ts';
import {
  CANONICAL_FLAG,
  FILENAME_FLAG,
  IN_PLACE_FLAG,
  KEY_FLAGS,
  KEY_SERVICE_FLAGS,
  OUTPUT_FLAG,
  SELECTION_FLAGS,
  THRESHOLD_FLAG,
  TYPE_FLAGS,
} from '../flag-specs.ts';
import { wantedKeys } from '../key-groups.ts';
import { localKeyServices } from '../key-services.ts';
import { warnOn } from '../opening.ts';
import { prove } from '../rewriting.ts';

export const encryptCommand: Command = {
  name: 'encrypt',
  usage: 'encrypt [flags] [FILE]',
  summary: 'encrypt a file, with the keys of its creation rule or of the flags',
  flags: [
    IN_PLACE_FLAG,
    OUTPUT_FLAG,
    {
      names: ['against'],
      kind: 'string',
      help: 'keep data key and tokens of this encrypted file where values are equal',
    },
    ...KEY_FLAGS,
    ...SELECTION_FLAGS,
    THRESHOLD_FLAG,
    FILENAME_FLAG,
    ...TYPE_FLAGS,
    CANONICAL_FLAG,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    checkDestination(flags, positionals[0] ?? null);
    const input = await readInput(ports, flags, positionals, { stdin: 'needs-name' });
    const found = await findConfig(ports, flags);
    const plain = plainDocument(input);
    const now = ports.now();
    const { groups, rule } = wantedKeys(flags, found, { name: input.name, createdAt: now });
    const settings = encryptionSettings(flags, rule, {
      format: input.inputFormat,
      warn: ports.stderr,
    });
    const keys = recordKeys(localKeyServices(ports, flags, groups));
    const options = {
      ...settings,
      keyGroups: groups,
      services: keys.services,
      now,
      onWarning: warnOn(ports),
    };
    const against = flags.text('against');
    try {
      const encrypted = await inFileAsync(input.label, () =>
        against === undefined
          ? encrypt(plain, options)
          : encryptBesideOther(plain, { ports, flags, path: against, options }),
      );
      const bytes = emitAs(encrypted, input.outputFormat, { flags, found });
      await prove(bytes, input, keys);
      await writeResult(ports, flags, input, bytes);
      return 0;
    } finally {
      keys.clear();
    }
  },
};
