import { createHmac, randomBytes } from 'node:crypto';
import { TidelockError } from '@tidelock/core';
import type { Finding } from '../types.ts';

/**
 * Findings that were there before tidelock was. One line for each, in order, without line numbers and
 * times, so that files of two branches merge. `check` is 12 bits of a keyed hash of the value: enough
 * to notice that the value is another one (all but once in 4,096 times), too little to find it by
 * guessing.
 */
export interface Baseline {
  /** Called `id` in the file: a name of secrets would be reported by every scanner. */
  readonly salt: string;
  readonly entries: ReadonlyMap<string, BaselineEntry>;
}

export interface BaselineEntry {
  readonly rule: string;
  readonly path: string;
  readonly fingerprint: string;
  /** '' where the finding has no value. */
  readonly check: string;
}

export interface Valued {
  readonly finding: Finding;
  readonly value: string | undefined;
}

export function makeBaseline(
  found: readonly Valued[],
  salt = randomBytes(16).toString('hex'),
): Baseline {
  const entries = found.map(({ finding, value }): [string, BaselineEntry] => [
    finding.fingerprint,
    {
      rule: finding.ruleId,
      path: finding.path,
      fingerprint: finding.fingerprint,
      check: checkOf(salt, value),
    },
  ]);
  return { salt, entries: new Map(entries) };
}

/** Whether the finding is in the baseline with the same value. */
export function isBaselined(baseline: Baseline, { finding, value }: Valued): boolean {
  const entry = baseline.entries.get(finding.fingerprint);
  return entry !== undefined && entry.check === checkOf(baseline.salt, value);
}

function checkOf(salt: string, value: string | undefined): string {
  if (value === undefined) return '';
  return createHmac('sha256', Buffer.from(salt, 'hex')).update(value).digest('hex').slice(0, 3);
}

export function formatBaseline({ salt, entries }: Baseline): string {
  const sorted = [...entries.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const lines = sorted.map(
    ({ rule, path, fingerprint, check }) =>
      `    ${JSON.stringify({ rule, path, fingerprint, check })}`,
  );
  return `{\n  "version": 1,\n  "id": ${JSON.stringify(salt)},\n  "findings": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function keyOf({ path, rule, fingerprint }: BaselineEntry): string {
  return `${path}\0${rule}\0${fingerprint}`;
}

/** @throws TidelockError ERR_CONFIG naming what is wrong */
export function parseBaseline(text: string, path: string): Baseline {
  const value = readJson(text, path);
  if (
    !isRecord(value) ||
    value.version !== 1 ||
    !isHex(value.id) ||
    !Array.isArray(value.findings)
  ) {
    throw bad('it has not the form of a baseline of version 1', path);
  }
  const entries = value.findings.map((entry: unknown, i) => readEntry(entry, i, path));
  return { salt: value.id, entries: new Map(entries.map((entry) => [entry.fingerprint, entry])) };
}

function readEntry(entry: unknown, index: number, path: string): BaselineEntry {
  if (isRecord(entry)) {
    const { rule, path: file, fingerprint, check } = entry;
    if (
      typeof rule === 'string' &&
      typeof file === 'string' &&
      typeof fingerprint === 'string' &&
      typeof check === 'string'
    ) {
      return { rule, path: file, fingerprint, check };
    }
  }
  throw bad(`entry ${index + 1} needs rule, path, fingerprint and check`, path);
}

function readJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad('it is not JSON', path);
  }
}

function bad(what: string, path: string): TidelockError {
  return new TidelockError('ERR_CONFIG', `The baseline cannot be read: ${what}.`, {
    path,
    hint: 'Restore it from Git, or write it anew: tidelock scan --write-baseline',
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32,128}$/.test(value);
}
