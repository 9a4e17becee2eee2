import { TidelockError } from '@tidelock/core';
import type { GitPath } from '@tidelock/git';
import { type SafeText, say } from '@tidelock/guard';
import { configPaths } from './config-paths.ts';
import type { SteeringFiles, View } from './steering-files.ts';

export interface Covered {
  /** Which rule, in words. */
  readonly reason: SafeText;
  /** Whether a file of this text has anything the rule would encrypt. */
  selects(text: string): boolean;
}

export interface Where {
  readonly configPath: GitPath;
  readonly path: GitPath;
}

/** Reads a `.sops.yaml` and says which of its rules wants the file encrypted, or null. */
export type CoveredBy = (
  config: Uint8Array,
  where: Where,
) => Covered | null | Promise<Covered | null>;

export interface Config {
  readonly path: GitPath;
  readonly bytes: Uint8Array;
}

/**
 * Which rule wants the file encrypted: of the nearest `.sops.yaml` as the change leaves it, else as it
 * was before. A rule that goes away in the commit that brings plaintext still counts.
 * @throws TidelockError for a configuration with a mistake, Error for one too large to be read
 */
export async function coveredByConfig(
  files: SteeringFiles,
  path: GitPath,
  coveredBy: CoveredBy,
): Promise<Covered | null> {
  const config = await nearestConfig(files.now, path);
  const covered = config === null ? null : await coverOf(config, path, coveredBy);
  if (covered !== null || !files.changes(configPaths(path))) return covered;
  return coveredBefore(files, path, coveredBy);
}

/** A mistake in what is being replaced is nobody's concern any more. */
async function coveredBefore(
  files: SteeringFiles,
  path: GitPath,
  coveredBy: CoveredBy,
): Promise<Covered | null> {
  const config = await nearestConfig(files.before, path);
  if (config === null) return null;
  try {
    const covered = await coverOf(config, path, coveredBy);
    return covered && { ...covered, reason: asBefore(covered.reason) };
  } catch (error) {
    if (error instanceof TidelockError) return null;
    throw error;
  }
}

function asBefore(reason: SafeText): SafeText {
  return say`${reason} as it was before this change (commit the change of the rules first)`;
}

async function coverOf(config: Config, path: GitPath, coveredBy: CoveredBy) {
  return coveredBy(config.bytes, { configPath: config.path, path });
}

/** The `.sops.yaml` nearest to the file. */
export async function nearestConfig(view: View, path: GitPath): Promise<Config | null> {
  const candidates = configPaths(path).map((configPath) => ({
    configPath,
    config: view(configPath),
  }));
  for (const { config } of candidates) config.catch(() => undefined);
  for (const { configPath, config } of candidates) {
    const bytes = await config;
    if (bytes !== null) return { path: configPath, bytes };
  }
  return null;
}
