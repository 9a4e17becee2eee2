import { encryptAgainst, encryptDocument, proveEncrypted } from '@tidelock/core';
import type { Command } from '../command.ts';
import { findConfig } from '../config-lookup.ts';
import { documentOf, emitAs } from '../documents.ts';
import { readInput } from '../files/input.ts';
import { checkDestination, writeResult } from '../files/output.ts';
import { CANONICAL_FLAG, FILENAME_FLAG, IN_PLACE_FLAG, KEY_FLAGS, KEY_SERVICE_FLAGS, OUTPUT_FLAG, SELECTION_FLAGS, THRESHOLD_FLAG, TYPE_FLAGS } from '../flag-specs.ts';
import { wantedKeys } from '../key-groups.ts';
import { encryptionSettings } from '../encryption-settings.ts';
import { localKeyServices } from '../key-services.ts';
import { openAgainst } from '../against.ts';

export const encryptCommand: Command = {
  name: 'encrypt',
  usage: 'encrypt [flags] [FILE]',
  summary: 'encrypt a file, with the keys of its creation rule or of the flags',
  flags: [
    IN_PLACE_FLAG,
    OUTPUT_FLAG,
    ...KEY_FLAGS,
    ...KEY_SERVICE_FLAGS,
    ...TYPE_FLAGS,
    ...SELECTION_FLAGS,
    THRESHOLD_FLAG,
    FILENAME_FLAG,
    CANONICAL_FLAG,
    { names: ['against'], kind: 'string', help: 'keep data key and tokens of this encrypted file where values are equal' },
  ],
  async run({ ports, flags, positionals }) {
    checkDestination(flags, positionals[0] ?? null);
    const input = await readInput(ports, flags, positionals, { stdin: 'needs-name' });
    const found = await findConfig(ports, flags);
    const now = ports.now();
    const plain = documentOf(input, 'plain');
    const { groups, rule } = wantedKeys(flags, found, { name: input.name, createdAt: now });
    const settings = encryptionSettings(flags, rule, { format: input.inputFormat, warn: ports.stderr });
    const services = localKeyServices(ports, flags, groups);
    const request = { ...settings, keyGroups: groups, services, now };
    const against = flags.text('against');
    const result =
      against === undefined
        ? await encryptDocument(plain, request)
        : await encryptAgainst(plain, { ...request, ...(await openAgainst(ports, flags, against)) });
    if (result.newDataKeyReason !== undefined) ports.stderr(`A new data key was made: ${result.newDataKeyReason}.\n`);
    const bytes = emitAs(result.document, input.outputFormat, { flags, found });
    proveEncrypted(bytes, input.outputFormat, { dataKey: result.dataKey, plain });
    await writeResult(ports, flags, input, bytes);
    return 0;
  },
};
