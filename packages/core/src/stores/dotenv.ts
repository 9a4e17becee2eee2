import { encodeUtf8 } from '../bytes.ts';
import type { Comment, Document, Entry, Item, MapNode, Span } from '../document/document.ts';
import { sameScalar } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import { align } from './align.ts';
import type { DotenvLayout, DotenvSyntax, MetadataLine } from './dotenv-parse.ts';
import { METADATA_PREFIX, parseDotenv } from './dotenv-parse.ts';
import { dotenvLine, dotenvValue, leafOf, metadataLines } from './dotenv-write.ts';
import type { Edit } from './edits.ts';
import { editLines } from './lines.ts';
import { singleBranch } from './single-branch.ts';
import type { Store } from './store.ts';

/** dotenv files (SOPS-FORMAT 4.4). */
export const dotenvStore: Store = {
  format: 'dotenv',
  parse: parseDotenv,
  emit(document) {
    const { origin } = document;
    if (origin === null || document.format !== 'dotenv') return dotenvStore.emitCanonical(document);
    const { metadata } = origin.layout as DotenvLayout;
    const edits = [...dataEdits(document), ...blockEdits(document, metadata)];
    return encodeUtf8(editLines(origin.text, '\n', edits));
  },
  emitCanonical(document) {
    const { items } = singleBranch(document, 'dotenv');
    const strict = document.block !== null;
    const lines = items.map((item) => dotenvLine(item, strict));
    if (document.block !== null) lines.push(...blockLines(document.block));
    return encodeUtf8(lines.map((line) => `${line}\n`).join(''));
  },
  emitValue(value) {
    if (value.kind === 'map') {
      return dotenvStore.emitCanonical({
        format: 'dotenv',
        branches: [value],
        block: null,
        origin: null,
      });
    }
    if (value.kind === 'leaf' && value.scalar.type === 'str') {
      const { value: text } = value.scalar;
      return typeof text === 'string' ? encodeUtf8(text) : text;
    }
    throw new TidelockError('ERR_EMIT', 'dotenv can print text values only.', {
      hint: 'Say --output-type json or yaml.',
    });
  },
};

function dataEdits(document: Document): Edit[] {
  const before = document.origin?.branches[0]?.items ?? [];
  const strict = document.block !== null;
  const edits: Edit[] = [];
  let at = 0;
  for (const { old, next } of align(before, singleBranch(document, 'dotenv').items, keyOf)) {
    if (old === null) {
      if (next !== null) edits.push({ start: at, end: at, text: `${dotenvLine(next, strict)}\n` });
      continue;
    }
    const { line, span } = syntaxOf(old);
    at = line.end;
    if (next === null) edits.push({ ...line, text: '' });
    else if (old.kind === 'comment') edits.push(...commentEdits(old, next, span));
    else if (next.kind === 'entry') edits.push(...valueEdits(old, next, strict));
  }
  return edits;
}

function commentEdits(old: Comment, next: Item, span: Span): Edit[] {
  if (next.kind !== 'comment' || next.text === old.text) return [];
  return [{ ...span, text: dotenvLine(next, false).slice(1) }];
}

function valueEdits(old: Entry, next: Entry, strict: boolean): Edit[] {
  const [before, after] = [leafOf(old), leafOf(next)];
  if (before === after || sameScalar(before.scalar, after.scalar)) return [];
  const span = before.syntax?.span;
  if (span === undefined) throw new TypeError('a value of the source has no place in it');
  return [{ ...span, text: dotenvValue(after, { key: next.key, strict }) }];
}

/** Lines of the metadata are known by their keys: changed in place, added behind the one before. */
function blockEdits(document: Document, old: readonly MetadataLine[]): Edit[] {
  const next = document.block === null ? [] : metadataLines(document.block);
  const text = document.origin?.text ?? '';
  const lines = new Map(old.map((line) => [line.key, line]));
  const wanted = new Set(next.map(({ key }) => key));
  const edits: Edit[] = old
    .filter(({ key }) => !wanted.has(key))
    .map(({ line }) => ({ ...line, text: '' }));
  let at =
    old[0]?.line.start ?? (text === '' || text.endsWith('\n') ? text.length : text.length + 1);
  for (const { key, value } of next) {
    const line = lines.get(key);
    if (line === undefined) {
      edits.push({ start: at, end: at, text: `${METADATA_PREFIX}${key}=${value}\n` });
      continue;
    }
    at = line.line.end;
    if (text.slice(line.value.start, line.value.end) !== value) {
      edits.push({ ...line.value, text: value });
    }
  }
  return edits;
}

function blockLines(block: MapNode): string[] {
  return metadataLines(block).map(({ key, value }) => `${METADATA_PREFIX}${key}=${value}`);
}

function keyOf(item: Item): string {
  return item.kind === 'comment' ? '#' : `=${item.key}`;
}

function syntaxOf(item: Item): DotenvSyntax {
  if (item.syntax === undefined) throw new TypeError('an item of the source has no place in it');
  return item.syntax as DotenvSyntax;
}
