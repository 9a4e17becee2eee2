import {
  type Document,
  equalBytes,
  parseSealedValue,
  type SealingCertificate,
  sealValue,
  setAt,
  storeFor,
  stringLeaf,
  TidelockError,
  type TreePath,
} from '@tidelock/core';
import type { ManifestFile } from '../manifests/manifest-file.ts';
import type { RecoveryKeys } from './recovery-keys.ts';
import type { PlannedObject } from './reseal-plan.ts';
import type { SealedEntry, SealedObject } from './sealed-manifest.ts';

/** A file with its due values sealed anew; nothing is written yet. */
export interface ResealedFile {
  readonly file: ManifestFile;
  /** As it was read. */
  readonly before: Uint8Array;
  readonly bytes: Uint8Array;
  readonly sealed: readonly string[];
  readonly replaced: readonly string[];
}

interface Replacement {
  readonly branch: number;
  readonly path: TreePath;
  readonly text: string;
}

/**
 * Seals the due values of a file anew, each for the place it has, and proves the result.
 * @throws TidelockError ERR_MANIFEST for a file that sops encrypted; ERR_VERIFY where the new file is not the old one but for these values
 */
export function resealFile(
  file: ManifestFile,
  objects: readonly PlannedObject[],
  { keys, certificate }: { readonly keys: RecoveryKeys; readonly certificate: SealingCertificate },
): ResealedFile {
  const before = file.bytes;
  if (before === null)
    throw new TidelockError('ERR_MANIFEST', 'it is encrypted by sops as a whole', {
      path: file.label,
      hint: 'A SealedSecret needs no second encryption: decrypt the file first.',
    });
  const replaced: string[] = [];
  const replacements = objects.flatMap(({ object, values }) =>
    values
      .filter(({ state }) => state === 'due')
      .map(({ entry }): Replacement => {
        replaced.push(entry.text);
        const text = sealAnew(entry, object, { keys, certificate });
        return { branch: object.object.branch, path: entry.path, text };
      }),
  );
  const document = withTexts(file.document, replacements);
  const bytes = storeFor(document.format).emit(document);
  proveUnchanged(file, replacements, bytes);
  return { file, before, bytes, sealed: replacements.map(({ text }) => text), replaced };
}

/** The value in the new seal, opened again where the new private key is at hand. */
function sealAnew(
  entry: SealedEntry,
  object: SealedObject,
  { keys, certificate }: { readonly keys: RecoveryKeys; readonly certificate: SealingCertificate },
): string {
  const { plain } = keys.require(entry, object);
  const text = sealValue(certificate.publicKey, object.place, plain);
  const sealed = parseSealedValue(text);
  const canOpen = keys.all.some(({ fingerprint }) => fingerprint === certificate.fingerprint);
  const again = sealed === null ? null : keys.openRaw(sealed, object.place);
  const isProved = again === null ? !canOpen : equalBytes(again.plain, plain);
  plain.fill(0);
  again?.plain.fill(0);
  if (sealed === null || !isProved) throw wrong(object.file);
  return inLinesOf(entry.text, text);
}

/** Broken into lines where the old text was, so that a block scalar keeps its header and its shape. */
function inLinesOf(old: string, text: string): string {
  const [first = ''] = old.split('\n');
  const isBroken = first !== '' && first.length < old.trimEnd().length;
  const lines = isBroken ? (text.match(new RegExp(`.{1,${first.length}}`, 'g')) ?? []) : [text];
  return lines.join('\n') + (old.endsWith('\n') ? '\n' : '');
}

function withTexts(document: Document, replacements: readonly Replacement[]): Document {
  const branches = replacements.reduce<Document['branches']>(
    (all, { branch, path, text }) =>
      all.map((root, index) => (index === branch ? setAt(root, path, stringLeaf(text)) : root)),
    document.branches,
  );
  return { ...document, branches };
}

/** Read again, the new file has the old one's content with the new texts in their places. */
function proveUnchanged(
  file: ManifestFile,
  replacements: readonly Replacement[],
  bytes: Uint8Array,
): void {
  const content = ({ branches }: Document) =>
    JSON.stringify(branches, (key, value: unknown) =>
      key === 'syntax' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    );
  const read = storeFor(file.document.format).parse(bytes);
  if (content(read) !== content(withTexts(file.document, replacements))) throw wrong(file);
}

const wrong = ({ label }: ManifestFile) =>
  new TidelockError('ERR_VERIFY', 'the new file is not as it should be; it was not written', {
    path: label,
    hint: 'This is a mistake of tidelock: please report how the file is laid out, not its values.',
  });
