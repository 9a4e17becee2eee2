import { isZeroOid, type ObjectReader, SUBMODULE, SYMLINK } from '@tidelock/git';
import { type NotExaminedReason, Source } from '@tidelock/guard';
import type { ChangedFile } from './changed-file.ts';

export interface FileContent {
  readonly file: ChangedFile;
  /** null when it could not be read at all. */
  readonly source: Source | null;
  /** Why it was not looked into, or not wholly. */
  readonly reason: NotExaminedReason | null;
}

const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/v1\n');

/** The committed bytes of the files, in their order. */
export async function readContents(
  reader: ObjectReader,
  files: readonly ChangedFile[],
  maxBytes: number | Promise<number>,
): Promise<FileContent[]> {
  const contents: FileContent[] = [];
  const regular = files.filter(isRegular);
  const blobs = reader.readBlobs(
    regular.map((file) => file.oid),
    { maxBytes },
  );
  for (const file of files) {
    if (file.mode === SUBMODULE) contents.push({ file, source: null, reason: 'submodule' });
    else if (isZeroOid(file.oid)) contents.push(toContent(file, new Uint8Array()));
    else {
      const blob = (await blobs.next()).value;
      if (blob?.kind === 'blob') contents.push(toContent(file, blob.bytes));
      else {
        const reason = blob?.kind === 'too-large' ? 'too-large' : 'unreadable';
        contents.push({ file, source: null, reason });
      }
    }
  }
  return contents;
}

function isRegular(file: ChangedFile): boolean {
  return file.mode !== SUBMODULE && !isZeroOid(file.oid);
}

function toContent(file: ChangedFile, bytes: Uint8Array): FileContent {
  // Where it leads is text like any other; what is there is never looked at.
  if (file.mode === SYMLINK) {
    return { file, source: new Source(file.path, bytes, { mode: SYMLINK }), reason: 'symlink' };
  }
  const source = new Source(file.path, bytes);
  if (Buffer.compare(LFS_POINTER, bytes.subarray(0, LFS_POINTER.length)) === 0) {
    return { file, source, reason: 'lfs-pointer' };
  }
  if (source.text !== null) return { file, source, reason: null };
  return { file, source, reason: bytes.includes(0) ? 'binary' : 'undecodable' };
}
