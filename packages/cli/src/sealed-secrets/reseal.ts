import { resolve } from 'node:path';
import { requireValid, type SealingCertificate } from '@tidelock/core';
import type { Invocation } from '../command.ts';
import { errorText } from '../error-text.ts';
import { isAgreed } from '../files/agreement.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import type { Ports } from '../ports.ts';
import { type ResealedFile, resealFile } from './apply-reseal.ts';
import { certificateFrom } from './read-certificate.ts';
import { failureOf, readSealedFiles } from './read-sealed-files.ts';
import { type RecoveryKeys, recoveryKeysFrom, requireRecoveryKeys } from './recovery-keys.ts';
import { planReseal, type ResealPlan, valuesIn } from './reseal-plan.ts';
import { type FailedFile, type ResealState, resealJson, resealText } from './reseal-text.ts';
import { type RecordFile, readRecord, recordWith, writeRecord } from './seal-record.ts';

const LEFT = 1;
const COULD_NOT_RUN = 2;

/**
 * Seals anew what another key than the certificate's has sealed, after it showed what that is.
 * @returns 1 where something is due or left, 2 where a file could not be read
 */
export async function reseal({ ports, flags, positionals }: Invocation): Promise<number> {
  if (positionals.length === 0)
    throw refused('no file is named', 'tidelock sealed-secrets reseal [flags] FILE|FOLDER...');
  const changes = !flags.isOn('check') && !flags.isOn('dry-run');
  const keys = await (changes ? requireRecoveryKeys : recoveryKeysFrom)(ports, flags);
  const certificate = await newestCertificate(ports, flags, keys);
  const record = await readRecord(ports, flags);
  const { objects, failed } = await readSealedFiles(ports, flags, positionals);
  const plan = planReseal({ objects, keys, certificate, record: record?.record ?? null });
  const due = valuesIn(plan, 'due').length;
  const unknown = valuesIn(plan, 'unknown').length;
  const show = (state: Omit<ResealState, 'plan'>) =>
    ports.stdout((flags.isOn('json') ? resealJson : resealText)({ plan, ...state }));

  if (!changes || due === 0) {
    show({ failed, isApplied: false });
    if (failed.length > 0 || (changes && unknown > 0)) {
      sayUnknown(ports, plan, keys);
      return COULD_NOT_RUN;
    }
    return flags.isOn('check') && due + unknown > 0 ? LEFT : 0;
  }
  const ask = {
    question: 'Seal these values anew? (y/n) ',
    show: () => show({ failed, isApplied: false }),
  };
  if (!(await isAgreed(ports, flags, ask))) return LEFT;
  const applied = await applyPlan(ports, { plan, keys, record });
  show({ failed: [...failed, ...applied.failed], isApplied: true });
  sayUnknown(ports, plan, keys);
  return failed.length + applied.failed.length + unknown === 0 ? 0 : COULD_NOT_RUN;
}

/** `--cert`, else the certificate of the backup that began last. @throws CommandError, TidelockError */
async function newestCertificate(
  ports: Ports,
  flags: Flags,
  keys: RecoveryKeys,
): Promise<SealingCertificate> {
  const newest = keys.newestCertificate;
  const given = await certificateFrom(ports, flags);
  if (given === null) {
    if (newest === null)
      throw refused(
        'no certificate is given to seal with',
        '--cert FILE: kubeseal --fetch-cert > cert.pem; or a backup that holds the certificates',
      );
    if (!flags.isOn('allow-invalid-cert')) requireValid(newest, ports.now());
    return newest;
  }
  if (newest !== null && newest.notBefore > given.notBefore && !flags.isOn('allow-invalid-cert'))
    throw refused(
      `the backup holds a newer certificate than --cert: from ${newest.notBefore.toISOString().slice(0, 10)}, ${newest.fingerprint}`,
      'Nothing is sealed back to an older key: fetch the current one, or leave --cert out.',
    );
  return given;
}

function sayUnknown(ports: Ports, { objects }: ResealPlan, keys: RecoveryKeys): void {
  for (const { object, values } of objects)
    for (const { entry, state } of values)
      if (state === 'unknown') ports.stderr(errorText(asError(() => keys.require(entry, object))));
}

function asError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

interface Application {
  readonly plan: ResealPlan;
  readonly keys: RecoveryKeys;
  readonly record: RecordFile | null;
}

/**
 * All in memory first. The record is written before the files, so that a run that is cut off leaves
 * no value of the new key that nobody knows of.
 */
async function applyPlan(
  ports: Ports,
  { plan, keys, record }: Application,
): Promise<{ readonly failed: readonly FailedFile[] }> {
  const { certificate } = plan;
  const failed: FailedFile[] = [];
  const attempt = async (label: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failed.push(failureOf(error, label));
      ports.stderr(errorText(error));
    }
  };
  const resealed: ResealedFile[] = [];
  for (const file of new Set(plan.objects.map(({ object }) => object.file))) {
    const objects = plan.objects.filter(({ object }) => object.file === file);
    if (objects.some(({ values }) => values.some(({ state }) => state === 'due')))
      await attempt(file.label, async () => {
        resealed.push(resealFile(file, objects, { keys, certificate }));
      });
  }
  const isAtHand = keys.all.some(({ fingerprint }) => fingerprint === certificate.fingerprint);
  if (record !== null && resealed.length > 0 && (!isAtHand || record.bytes !== null))
    await writeRecord(
      record,
      recordWith(record.record, certificate.fingerprint, {
        sealed: resealed.flatMap(({ sealed }) => sealed),
        replaced: resealed.flatMap(({ replaced }) => replaced),
      }),
    );
  for (const { file, bytes, before } of resealed)
    await attempt(file.label, () =>
      writeAtomically({ path: resolve(ports.cwd, file.label), bytes, expected: before }),
    );
  return { failed };
}
