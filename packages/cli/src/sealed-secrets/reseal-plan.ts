import { createHash } from 'node:crypto';
import type { SealingCertificate } from '@tidelock/core';
import type { RecoveryKeys } from './recovery-keys.ts';
import { type SealRecord, sealDigest } from './seal-record.ts';
import type { SealedEntry, SealedObject } from './sealed-manifest.ts';

/**
 * `due`: another key than the certificate's opens it. `current`: the certificate's key opens it, or
 * the record says that the certificate sealed it. `unknown`: no key at hand opens it, and no record
 * knows it.
 */
export type SealState = 'due' | 'current' | 'unknown';

export interface PlannedValue {
  readonly entry: SealedEntry;
  readonly state: SealState;
  /** Fingerprint of the key that opened it; null: none did. */
  readonly openedBy: string | null;
}

export interface PlannedObject {
  readonly object: SealedObject;
  readonly values: readonly PlannedValue[];
}

export interface ResealPlan {
  readonly certificate: SealingCertificate;
  readonly objects: readonly PlannedObject[];
  /** The same for the same files, keys, certificate and record. */
  readonly digest: string;
}

export interface ResealRequest {
  readonly objects: readonly SealedObject[];
  readonly keys: RecoveryKeys;
  readonly certificate: SealingCertificate;
  readonly record: SealRecord | null;
}

/** What is to be sealed anew. Pure: it reads and writes nothing, and holds no plain text. */
export function planReseal({ objects, keys, certificate, record }: ResealRequest): ResealPlan {
  const isRecorded = ({ text }: SealedEntry) =>
    record?.fingerprint === certificate.fingerprint && record.seals.has(sealDigest(text));
  const planned = objects.map((object) => ({
    object,
    values: object.entries.map((entry) => {
      const opened = keys.open(entry, object);
      opened?.plain.fill(0);
      const openedBy = opened?.fingerprint ?? null;
      return { entry, openedBy, state: stateOf(openedBy, certificate, isRecorded(entry)) };
    }),
  }));
  return { certificate, objects: planned, digest: digestOf(certificate, planned) };
}

/** An old key that opens it says more than a record, which anybody could have edited. */
function stateOf(
  openedBy: string | null,
  { fingerprint }: SealingCertificate,
  isRecorded: boolean,
): SealState {
  if (openedBy !== null) return openedBy === fingerprint ? 'current' : 'due';
  return isRecorded ? 'current' : 'unknown';
}

function digestOf(certificate: SealingCertificate, objects: readonly PlannedObject[]): string {
  const facts = objects.map(({ object: { file, name, place }, values }) => [
    file.label,
    place,
    name,
    values.map(({ entry, state, openedBy }) => [
      entry.key,
      sealDigest(entry.text),
      state,
      openedBy,
    ]),
  ]);
  const whole = JSON.stringify(['tidelock reseal plan 1', certificate.fingerprint, facts]);
  return createHash('sha256').update(whole).digest('hex');
}

export function valuesIn(plan: ResealPlan, state: SealState): readonly PlannedValue[] {
  return plan.objects.flatMap(({ values }) => values.filter((value) => value.state === state));
}
