import { createHash } from 'node:crypto';
import { TidelockError } from '@tidelock/core';

/** What detect-secrets has recorded: paths with SHA-1 sums of values. */
export type SecretsBaseline = ReadonlySet<string>;

/**
 * Reads `.secrets.baseline`. What somebody has labelled a real secret (`is_secret: true`) is left
 * out, so that it is still reported. @throws TidelockError ERR_CONFIG
 */
export function parseSecretsBaseline(text: string, path: string): SecretsBaseline {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw wrong('it is not JSON', path);
  }
  const results = isRecord(root) ? root.results : undefined;
  if (!isRecord(results)) throw wrong('it has no results', path);
  const known = new Set<string>();
  for (const [file, entries] of Object.entries(results)) {
    if (!Array.isArray(entries)) throw wrong('the results of a file are a list', path);
    for (const entry of entries as readonly unknown[]) {
      const sum = isRecord(entry) ? entry.hashed_secret : undefined;
      if (!isRecord(entry) || typeof sum !== 'string' || !/^[0-9a-f]{40}$/.test(sum)) {
        throw wrong('an entry has no hashed_secret', path);
      }
      if (entry.is_secret !== true) known.add(keyOf(file.replaceAll('\\', '/'), sum));
    }
  }
  return known;
}

export function isInSecretsBaseline(
  baseline: SecretsBaseline,
  path: string,
  value: string | undefined,
): boolean {
  if (value === undefined) return false;
  return baseline.has(keyOf(path, createHash('sha1').update(value).digest('hex')));
}

const keyOf = (path: string, sum: string) => `${sum} ${path}`;

function wrong(what: string, path: string): TidelockError {
  return new TidelockError('ERR_CONFIG', `The baseline of detect-secrets cannot be read: ${what}`, {
    path,
    position: { line: 1, column: 1 },
    hint: 'Write it anew: detect-secrets scan > .secrets.baseline',
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
