import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { encrypt, formatOf, recordKeys, reencrypt, zero } from '@tidelock/core';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { type FoundConfig, findConfig } from '../config-lookup.ts';
import { inFile, plainDocument } from '../documents.ts';
import { editText } from '../editing.ts';
import { emitAs, emitOpened } from '../emitting.ts';
import { encryptionSettings } from '../encryption-settings.ts';
import { exampleText } from '../example-text.ts';
import { inputFormats, readInput } from '../files/input.ts';
import { writeBack } from '../files/output.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import {
  CANONICAL_FLAG,
  IGNORE_MAC_FLAG,
  IN_PLACE_FLAG,
  KEY_FLAGS,
  KEY_SERVICE_FLAGS,
  ORDER_FLAG,
  SELECTION_FLAGS,
  SHOW_KEYS_FLAG,
  THRESHOLD_FLAG,
  TYPE_FLAGS,
} from '../flag-specs.ts';
import { wantedKeys } from '../key-groups.ts';
import { localKeyServices } from '../key-services.ts';
import { keepingEdit } from '../lost-edit.ts';
import { openInput, warnOn } from '../opening.ts';
import { prove } from '../rewriting.ts';
import { trustedGroups } from '../trusted-groups.ts';

export const editCommand: Command = {
  name: 'edit',
  usage: 'edit [flags] FILE',
  summary: 'open a file decrypted in the editor and encrypt what comes back',
  flags: [
    ...KEY_FLAGS,
    ...SELECTION_FLAGS,
    THRESHOLD_FLAG,
    SHOW_KEYS_FLAG,
    IGNORE_MAC_FLAG,
    ORDER_FLAG,
    IN_PLACE_FLAG,
    CANONICAL_FLAG,
    ...TYPE_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  async run(invocation) {
    const { ports, flags, positionals } = invocation;
    const [path] = positionals;
    if (path === undefined) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified',
        'Name the file behind the command.',
      );
    }
    if (flags.isOn('show-master-keys')) {
      throw new CommandError(
        'ERR_UNSUPPORTED',
        1,
        'editing the sops block (-s) is not supported',
        'Use updatekeys, rotate or groups to change keys.',
      );
    }
    const found = await findConfig(ports, flags);
    if (existsSync(resolve(ports.cwd, path))) await editFile(invocation, found);
    else await createFile(invocation, path, found);
    return 0;
  },
};

/** Changes an existing file; only changed values get new tokens. */
async function editFile(
  { ports, flags, positionals }: Invocation,
  found: FoundConfig | null,
): Promise<void> {
  const input = await readInput(ports, flags, positionals);
  const keys = recordKeys(localKeyServices(ports, flags, await trustedGroups(ports, flags, found)));
  const { opened } = await openInput(ports, flags, input, keys.services);
  const now = ports.now();
  try {
    await editText(ports, {
      name: input.name,
      text: inFile(input.label, () => emitOpened(opened, input.outputFormat, { flags, found })),
      mustChange: true,
      accept: async (text) => {
        const plain = plainDocument({ ...input, bytes: text, inputFormat: input.outputFormat });
        const bytes = inFile(input.label, () =>
          emitAs(reencrypt(plain, opened, { now }), input.inputFormat, { flags, found }),
        );
        await prove(bytes, input, keys);
        return bytes;
      },
      use: (bytes) =>
        keepingEdit(() => writeBack(ports, flags, input, bytes), {
          path: resolve(ports.cwd, input.path ?? ''),
          bytes,
        }),
    });
  } finally {
    zero(opened.dataKey);
    keys.clear();
  }
}

/** A new file begins with an example of its format and gets a new data key. */
async function createFile(
  { ports, flags }: Invocation,
  path: string,
  found: FoundConfig | null,
): Promise<void> {
  const name = resolve(ports.cwd, path);
  const formats = inputFormats(flags, formatOf(path));
  const input = { path, name, label: path, bytes: new Uint8Array(0), ...formats };
  const now = ports.now();
  const { groups, rule } = wantedKeys(flags, found, { name, createdAt: now });
  const settings = encryptionSettings(flags, rule, {
    format: input.outputFormat,
    warn: ports.stderr,
  });
  const keys = recordKeys(localKeyServices(ports, flags, await trustedGroups(ports, flags, found)));
  try {
    await editText(ports, {
      name,
      text: Buffer.from(exampleText(input.outputFormat)),
      mustChange: false,
      accept: async (text) => {
        const plain = plainDocument({ ...input, bytes: text, inputFormat: input.outputFormat });
        const request = {
          ...settings,
          keyGroups: groups,
          services: keys.services,
          now,
          onWarning: warnOn(ports),
        };
        const bytes = emitAs(await encrypt(plain, request), input.outputFormat, { flags, found });
        await prove(bytes, input, keys);
        return bytes;
      },
      use: async (bytes) => writeAtomically({ path: name, bytes, expected: null }),
    });
  } finally {
    keys.clear();
  }
}
