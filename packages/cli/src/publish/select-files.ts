import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DestinationRule, matchDestinationRule, TidelockError } from '@tidelock/core';
import { CommandError } from '../command-error.ts';
import type { FoundConfig } from '../config-lookup.ts';
import { findEncrypted } from '../files/find-encrypted.ts';
import type { Flags } from '../flags.ts';
import type { Ports } from '../ports.ts';
import { objectNameOf } from './place.ts';

/** A file and where its rule sends it. */
export interface Selected {
  /** As given, or below the folder that was given. */
  readonly path: string;
  readonly rule: DestinationRule;
  readonly objectName: string;
}

/**
 * Every file with its destination rule; all are found before anything is sent.
 * @throws CommandError; TidelockError ERR_NO_DESTINATION
 */
export async function selectFiles(
  paths: readonly string[],
  {
    ports,
    flags,
    found,
  }: { readonly ports: Ports; readonly flags: Flags; readonly found: FoundConfig },
): Promise<readonly Selected[]> {
  const selected: Selected[] = [];
  for (const path of paths) {
    const isFolder = statSync(resolve(ports.cwd, path), { throwIfNoEntry: false })?.isDirectory();
    if (isFolder === true && !flags.isOn('recursive')) {
      throw new CommandError(
        'ERR_USAGE',
        1,
        `${path} is a folder`,
        'Add --recursive to publish the encrypted files below it.',
      );
    }
    for (const file of await findEncrypted([path], ports.cwd)) {
      const rule = requireRule(found, file);
      const omitExtension = flags.isOn('omit-extensions') || rule.omitExtensions;
      const folder = isFolder === true ? path : null;
      selected.push({
        path: file,
        rule,
        objectName: objectNameOf(file, { folder, omitExtension }),
      });
    }
  }
  return selected;
}

function requireRule(found: FoundConfig, path: string): DestinationRule {
  const rule = matchDestinationRule(found.config, path);
  if (rule !== null) return rule;
  throw new TidelockError('ERR_NO_DESTINATION', 'no matching destination found in config', {
    path,
    hint: `No destination rule of ${found.path} matches this path; add one for it.`,
  });
}
