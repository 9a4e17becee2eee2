import { resolve } from 'node:path';
import {
  discoverSopsConfig,
  parseSopsConfig,
  type SopsConfig,
  TidelockError,
} from '@tidelock/core';
import type { Flags } from './flags.ts';
import type { Ports } from './ports.ts';
import { warningLine } from './terminal.ts';

export interface FoundConfig {
  /** Absolute. */
  readonly path: string;
  readonly config: SopsConfig;
}

/**
 * `--config`, `SOPS_CONFIG`, or the first `.sops.yaml` from the working directory upward
 * (SOPS-FORMAT 8.1). null: there is none.
 * @throws TidelockError when it cannot be read or holds a mistake: sops ignores a misspelt key, and
 * then encrypts otherwise than was meant
 */
export async function findConfig(ports: Ports, flags: Flags): Promise<FoundConfig | null> {
  const named = flags.text('config');
  if (named !== undefined) return loadConfig(ports, resolve(ports.cwd, named));
  const found = await discoverSopsConfig(ports.cwd, ports.readFile);
  for (const warning of found.warnings) ports.stderr(warningLine('CONFIG', warning, ports.now()));
  return found.path === null ? null : loadConfig(ports, found.path);
}

async function loadConfig(ports: Ports, path: string): Promise<FoundConfig> {
  const bytes = await ports.readFile(path);
  if (bytes === null) {
    throw new TidelockError('ERR_CONFIG_NOT_FOUND', `${path} does not exist`, {
      hint: 'Check --config and SOPS_CONFIG.',
    });
  }
  return { path, config: parseSopsConfig(bytes, path) };
}
