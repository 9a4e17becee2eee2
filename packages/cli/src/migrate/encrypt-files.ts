import { join } from 'node:path';
import { formatOf } from '@tidelock/core';
import { CONTENT_RULES, check, Source } from '@tidelock/guard';
import { encryptInput } from '../encrypting.ts';
import type { Input } from '../files/input.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Flags } from '../flags.ts';
import { requireWritable, writeChanges } from '../init/file-change.ts';
import { isUsable } from '../kubernetes/secret-manifest.ts';
import type { Ports } from '../ports.ts';
import type { ByHand, CleartextPlan, PlannedFile } from './cleartext-plan.ts';
import { placeOf } from './place-of.ts';

export interface EncryptedFile {
  readonly file: PlannedFile;
  readonly bytes: Uint8Array;
}

export interface Encrypted {
  readonly done: readonly EncryptedFile[];
  /** Files that encryption by their rule leaves with plaintext: not written. */
  readonly left: readonly ByHand[];
}

/** Every file encrypted in memory, proved, and looked into again; nothing is written yet. */
export async function encryptFiles(
  { ports, flags }: { readonly ports: Ports; readonly flags: Flags },
  { survey, files, search }: Pick<CleartextPlan, 'survey' | 'files' | 'search'>,
): Promise<Encrypted> {
  const done: EncryptedFile[] = [];
  const left: ByHand[] = [];
  for (const file of files) {
    const { path } = file.source;
    const plain = file.plain ?? file.source.bytes;
    const format = formatOf(path);
    const input: Input = {
      path,
      name: join(survey.root, path),
      label: path,
      bytes: plain,
      inputFormat: format,
      outputFormat: format,
    };
    const bytes = await encryptInput({ ports, flags, input, found: file.found });
    const values = plainValues(new Source(path, bytes));
    if (file.plain !== undefined && !isUsable(bytes, format))
      left.push({
        path,
        values: file.values,
        reason: `creation rule ${file.rule.index + 1} encrypts other keys than data and stringData: Kubernetes would not know it`,
      });
    else if (values.length === 0 && !search.isIn(bytes)) done.push({ file, bytes });
    else
      left.push({
        path,
        values: values.length === 0 ? file.values : values,
        reason: `creation rule ${file.rule.index + 1} would leave plain text in it: a comment, or keys that its selection does not name`,
      });
  }
  return { done, left };
}

function plainValues(source: Source): readonly string[] {
  const findings = check([source], CONTENT_RULES);
  return findings
    .filter(({ severity }) => severity === 'error')
    .map((finding) => placeOf(finding, source));
}

/** Rules first, then file by file, each only where it is still what was planned. */
export async function writeEncrypted(
  { survey, creation }: Pick<CleartextPlan, 'survey' | 'creation'>,
  done: readonly EncryptedFile[],
): Promise<void> {
  const changes = creation.change === null ? [] : [creation.change];
  const places = done.map(({ file: { source } }) => ({
    path: source.path,
    before: '',
    after: '',
    context: 0,
  }));
  requireWritable(survey.root, [...changes, ...places]);
  await writeChanges(survey.root, changes);
  for (const { file, bytes } of done) {
    const path = join(survey.root, file.source.path);
    await writeAtomically({ path, bytes, expected: file.source.bytes });
  }
}
