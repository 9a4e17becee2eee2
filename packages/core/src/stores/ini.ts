import { encodeUtf8 } from '../bytes.ts';
import type { Document } from '../document/document.ts';
import type { Edit } from './edits.ts';
import type { IniBlock, IniLayout, IniMetadataLine } from './ini-parse.ts';
import { parseIni } from './ini-parse.ts';
import { lineEndAt } from './ini-space.ts';
import type { IniFile } from './ini-splice.ts';
import { repeatedKey, spliceSections } from './ini-splice.ts';
import { canonicalIni, iniKey, iniValue, metadataPairs } from './ini-write.ts';
import { GO_SPELLING, spell } from './json-spelling.ts';
import { writeJson } from './json-write.ts';
import { editLines } from './lines.ts';
import type { Store } from './store.ts';

/** INI files (SOPS-FORMAT 4.5). */
export const iniStore: Store = {
  format: 'ini',
  parse: parseIni,
  emit(document) {
    const { origin } = document;
    if (origin === null || document.format !== 'ini') return iniStore.emitCanonical(document);
    const layout = origin.layout as IniLayout;
    const newline = newlineOf(origin.text, layout.block);
    const file: IniFile = { text: origin.text, newline, layout };
    if (document.block !== null && layout.block === null && layout.repeated.length > 0) {
      throw repeatedKey(file);
    }
    const edits = [...spliceSections(document, file), ...blockEdits(document, file)];
    return encodeUtf8(editLines(origin.text, newline, edits));
  },
  emitCanonical: (document) => encodeUtf8(canonicalIni(document)),
  emitValue(value) {
    if (value.kind === 'map') {
      return iniStore.emitCanonical({
        format: 'ini',
        branches: [value],
        block: null,
        origin: null,
      });
    }
    if (value.kind === 'leaf' && value.scalar.type === 'str') {
      const { value: text } = value.scalar;
      return typeof text === 'string' ? encodeUtf8(text) : text;
    }
    return encodeUtf8(writeJson(value, COMPACT_JSON, ''));
  },
};

/** As the sops block was written, else as the first line ends. */
function newlineOf(text: string, block: IniBlock | null): '\n' | '\r\n' {
  const lineBreak = text.indexOf('\n', block?.header.start ?? 0);
  return text.charAt(lineBreak - 1) === '\r' ? '\r\n' : '\n';
}

/** How sops prints a value that INI has no form for. */
const COMPACT_JSON = {
  unit: null,
  newline: '\n',
  colon: ':',
  afterComma: '',
  negativeZero: '-0',
  quote: (text: string) => spell(text, GO_SPELLING),
} as const;

function blockEdits(document: Document, file: IniFile): Edit[] {
  const { block } = file.layout;
  if (document.block === null) return block === null ? [] : [removal(block, file.text)];
  const pairs = metadataPairs(document.block);
  return block === null ? [appended(pairs, file)] : changed(pairs, block, file);
}

/** Behind exactly one blank line at the end of the file. */
function appended(pairs: readonly [string, string][], { text, newline }: IniFile): Edit {
  const width = Math.max(0, ...pairs.map(([key]) => key.length));
  const lines = pairs.map(([key, value]) => metadataLine(key, value, width));
  const all = [...(text === '' ? [] : ['']), '[sops]', ...lines];
  const at = text === '' || text.endsWith('\n') ? text.length : text.length + newline.length;
  return { start: at, end: at, text: all.map((line) => line + newline).join('') };
}

function removal({ header, lines }: IniBlock, text: string): Edit {
  const before = /(?:^|\n)(\r?\n)$/.exec(text.slice(Math.max(0, header.start - 3), header.start));
  const blank = before?.[1]?.length ?? 0;
  return { start: header.start - blank, end: lines.at(-1)?.line.end ?? header.end, text: '' };
}

/** Lines of the metadata are known by their keys: changed in place, added behind the one before. */
function changed(pairs: readonly [string, string][], block: IniBlock, file: IniFile): Edit[] {
  const lines = new Map(block.lines.map((line) => [line.key, line]));
  const wanted = new Set(pairs.map(([key]) => key));
  const edits: Edit[] = block.lines
    .filter(({ key }) => !wanted.has(key))
    .map(({ line }) => ({ ...line, text: '' }));
  const width = Math.max(0, ...block.lines.map(({ key }) => key.length));
  let at = block.header.end;
  for (const [key, value] of pairs) {
    const line = lines.get(key);
    if (line === undefined) {
      edits.push({ start: at, end: at, text: metadataLine(key, value, width) + file.newline });
      continue;
    }
    at = line.line.end;
    edits.push(...changedLine(line, value, file.text));
  }
  return edits;
}

function changedLine({ value: old }: IniMetadataLine, value: string, text: string): Edit[] {
  if (old.value === value || old.value.replaceAll('\n', '\\n') === value) return [];
  const suffix = text.slice(old.span.end, lineEndAt(text, old.span.end));
  return [{ ...old.span, text: iniValue(value, { style: old.style, suffix }) }];
}

function metadataLine(key: string, value: string, width: number): string {
  return `${iniKey(key).padEnd(width)} = ${iniValue(value, { suffix: '' })}`;
}
