import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type SealingCertificate, TidelockError } from '@tidelock/core';
import { repositoryOf } from '../files/repository.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Flags } from '../flags.ts';
import type { Ports } from '../ports.ts';

export const RECORD_NAME = '.sealed-secrets.json';
const DIGEST_LENGTH = 32;

/**
 * Which sealed values the newest certificate has sealed, since nothing in a value says it: its key,
 * and a digest of each value as it is sealed.
 */
export interface SealRecord {
  readonly fingerprint: string;
  readonly seals: ReadonlySet<string>;
}

export interface RecordFile {
  /** Absolute. */
  readonly path: string;
  readonly label: string;
  readonly bytes: Uint8Array | null;
  readonly record: SealRecord | null;
}

/** Of the ciphertext: it says nothing of what is in it. */
export function sealDigest(sealedText: string): string {
  return createHash('sha256')
    .update(sealedText.replace(/\s+/g, ''))
    .digest('hex')
    .slice(0, DIGEST_LENGTH);
}

/**
 * The record that `--record` names, else the one at the top of the repository; null outside of one.
 * @throws TidelockError ERR_PARSE for a file that is no record
 */
export async function readRecord(ports: Ports, flags: Flags): Promise<RecordFile | null> {
  const named = flags.text('record');
  const root = repositoryOf(ports.cwd);
  if (named === undefined && root === null) return null;
  const path = named === undefined ? join(root ?? '', RECORD_NAME) : resolve(ports.cwd, named);
  const label = named ?? RECORD_NAME;
  const bytes = await ports.readFile(path);
  return { path, label, bytes, record: bytes === null ? null : parseRecord(bytes, label) };
}

function parseRecord(bytes: Uint8Array, path: string): SealRecord {
  const found = asJson(Buffer.from(bytes).toString('utf8'));
  if (
    isMap(found) &&
    found.version === 1 &&
    typeof found.key === 'string' &&
    Array.isArray(found.sealed) &&
    found.sealed.every((one) => typeof one === 'string')
  )
    return { fingerprint: found.key, seals: new Set(found.sealed) };
  throw new TidelockError('ERR_PARSE', 'it is no record of sealed values', {
    path,
    hint: 'Restore it from Git, or remove it: reseal with the recovery keys writes it anew.',
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The record with what was sealed now, and without what that replaced. */
export function recordWith(
  before: SealRecord | null,
  fingerprint: string,
  {
    sealed,
    replaced,
  }: { readonly sealed: readonly string[]; readonly replaced: readonly string[] },
): SealRecord {
  const kept = before?.fingerprint === fingerprint ? before.seals : [];
  const gone = new Set(replaced.map(sealDigest));
  const all = [...kept].filter((digest) => !gone.has(digest));
  return { fingerprint, seals: new Set([...all, ...sealed.map(sealDigest)]) };
}

/** Lines in order, so that two branches merge. */
export async function writeRecord(file: RecordFile, record: SealRecord): Promise<void> {
  const content = { version: 1, key: record.fingerprint, sealed: [...record.seals].sort() };
  await writeAtomically({
    path: file.path,
    bytes: Buffer.from(`${JSON.stringify(content, null, 2)}\n`),
    expected: file.bytes,
  });
}

/** Where a repository keeps a record of this certificate, what it sealed now goes into it. */
export async function noteSeals(
  ports: Ports,
  flags: Flags,
  {
    certificate,
    texts,
  }: { readonly certificate: SealingCertificate; readonly texts: readonly string[] },
): Promise<void> {
  const file = await readRecord(ports, flags);
  if (file === null || file.record?.fingerprint !== certificate.fingerprint) return;
  const sealed = { sealed: texts, replaced: [] };
  await writeRecord(file, recordWith(file.record, certificate.fingerprint, sealed));
}
