import { findBinary } from './private-keys/binary.ts';
import { isSopsFile } from './sops-file.ts';
import type { Source } from './source.ts';
import { structureOf } from './structure/structure.ts';
import type { NotExaminedReason } from './types.ts';

/** Bytes beyond which a file is not looked into unless the policy says otherwise (10 MiB). */
export const LARGEST_FILE = 10 * 1024 * 1024;

const LFS = 'version https://git-lfs.github.com/spec/v1';

/**
 * Why a source could not be looked into, or null. A template is looked into line by line and still
 * named: its structure was not.
 */
export function notExamined(source: Source, largest = LARGEST_FILE): NotExaminedReason | null {
  if (source.mode === '120000') return 'symlink';
  if (source.mode === '160000') return 'submodule';
  if (source.bytes.length > largest) return 'too-large';
  if (source.text === null) return unreadable(source);
  if (source.text.length < 1024 && source.text.startsWith(LFS)) return 'lfs-pointer';
  return isTemplate(source) ? 'template' : null;
}

/** git-crypt's ciphertext and key stores are known for what they are. */
function unreadable(source: Source): NotExaminedReason | null {
  const head = Buffer.from(source.bytes.subarray(0, 10)).toString('latin1');
  if (head === '\0GITCRYPT\0' || head.startsWith('age-encryp') || findBinary(source) !== null)
    return null;
  return source.encoding === 'undecodable' ? 'undecodable' : 'binary';
}

/** YAML or JSON by name, with template marks, that parses as neither. */
function isTemplate(source: Source): boolean {
  const text = source.text ?? '';
  if (!/\.(?:ya?ml|json)$/i.test(source.path) || !/\{\{|\{%|<%/.test(text)) return false;
  return structureOf(source).unparsed.length > 0;
}

/** What a scan counts a source as. */
export function isEncrypted(source: Source): boolean {
  return source.text !== null && isSopsFile(source);
}
