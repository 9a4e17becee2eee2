import type { Document, Entry, Item, MapNode } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import { flatten } from './flatten.ts';
import { readIniKey } from './ini-key.ts';
import { trimSpace } from './ini-space.ts';
import type { IniStyle } from './ini-value.ts';
import { isCommentMark, readIniValue, styledIni } from './ini-value.ts';
import { scalarText } from './scalar-text.ts';
import { singleBranch } from './single-branch.ts';

/**
 * The text as sops writes it (SOPS-FORMAT 4.5), save that a value which would not read back as itself
 * gets quotes with which it does.
 * @throws TidelockError ERR_EMIT for what INI cannot hold
 */
export function canonicalIni(document: Document): string {
  const sections: string[] = [];
  singleBranch(document, 'ini').items.forEach((item, index) => {
    if (item.kind === 'comment') return;
    const text = sectionText(item, index === 0 && item.key === 'DEFAULT');
    if (text !== '') sections.push(text);
  });
  if (document.block !== null)
    sections.push(`[sops]\n${alignedLines(metadataPairs(document.block))}`);
  return sections.join('\n');
}

/** The keys and texts of the `[sops]` section: line breaks are the two characters `\n`. */
export function metadataPairs(block: MapNode): [key: string, text: string][] {
  return flatten(block).map(([key, text]) => [key, text.replaceAll('\n', '\\n')]);
}

/** A section with its header and comments, every line with its line feed. */
export function sectionText(section: Entry, withoutHeader: boolean): string {
  const items = itemsOf(section);
  const [first] = items;
  const lines = first?.kind === 'comment' ? commentLines(first.text, false) : [];
  const comment = lines.map((line) => `${line}\n`).join('');
  const header = withoutHeader ? '' : `${sectionHeader(section.key)}\n`;
  return comment + header + keyLines(items);
}

function keyLines(items: readonly Item[]): string {
  const keys = new Map<string, { text: string; comment: string }>();
  let last: string | null = null;
  for (const item of items) {
    if (item.kind === 'entry') {
      keys.set(item.key, { text: iniText(item), comment: '' });
      last = item.key;
    } else if (last !== null) {
      keys.set(last, { text: keys.get(last)?.text ?? '', comment: item.text });
    }
  }
  const pairs = Array.from(keys, ([key, { text, comment }]) => [key, text, comment] as const);
  return alignedLines(pairs);
}

function alignedLines(pairs: readonly (readonly [string, string, string?])[]): string {
  const keys = pairs.map(([key]) => iniKey(key));
  const width = keys.reduce((most, key) => Math.max(most, Buffer.byteLength(key)), 0);
  return pairs
    .map(([, text, comment = ''], index) => {
      const key = keys[index] ?? '';
      const pad = ' '.repeat(width - Buffer.byteLength(key));
      const above = commentLines(comment, true).map((line) => `${line}\n`);
      return `${above.join('')}${key}${pad} = ${iniValue(text, { suffix: '' })}\n`;
    })
    .join('');
}

/** A comment's lines with their marks. @param trim comments of keys are trimmed, those of sections not */
export function commentLines(text: string, trim: boolean): string[] {
  if (text === '') return [];
  return text.split('\n').map((line) => {
    if (isCommentMark(line.charAt(0))) return `${line.charAt(0)} ${trimSpace(line.slice(1))}`;
    return `; ${trim ? trimSpace(line) : line}`;
  });
}

function sectionHeader(name: string): string {
  if (name === '' || name.includes('\n') || name === 'sops') {
    throw unwritable('A section name is empty, "sops", or holds a line break.');
  }
  return `[${name}]`;
}

/** The items of a section. @throws TidelockError ERR_EMIT where the top level holds a value */
export function itemsOf(section: Entry): readonly Item[] {
  if (section.value.kind === 'map') return section.value.items;
  throw unwritable(
    `INI needs a section at the top level, but "${section.key}" is a value or a list.`,
  );
}

/** The text of a key's value. @throws TidelockError ERR_EMIT for a list or a map */
export function iniText(entry: Entry): string {
  if (entry.value.kind === 'leaf') return scalarText(entry.value.scalar);
  throw unwritable(`INI cannot hold the list or map under "${entry.key}".`);
}

/** A key in the quotes it needs. @throws TidelockError ERR_EMIT for a key that no quotes keep */
export function iniKey(key: string): string {
  const preferred = /["=:]/.test(key) ? `\`${key}\`` : key.includes('`') ? `"""${key}"""` : key;
  for (const written of [preferred, `\`${key}\``, `"""${key}"""`, `"${key}"`]) {
    if (keyReadsBack(written, key)) return written;
  }
  throw unwritable(
    'INI cannot hold a key that is empty, "-", or has spaces at its ends or line breaks.',
  );
}

function keyReadsBack(written: string, key: string): boolean {
  if (key === '-' || /^[[#;]/.test(written) || written !== trimSpace(written)) return false;
  if (written.includes('\n')) return false;
  try {
    const read = readIniKey(`${written} = x`, 0);
    return read.key === key && read.span.end === written.length;
  } catch {
    return false;
  }
}

/**
 * A value in quotes with which it reads back as itself.
 * @param style the quotes to keep if they can be kept; sops' own choice without it
 * @param suffix what follows on the line
 * @throws TidelockError ERR_EMIT when no quotes keep it
 */
export function iniValue(
  value: string,
  { style, suffix }: { style?: IniStyle; suffix: string },
): string {
  for (const written of candidates(value, style)) {
    if (readsBack(written, value, suffix)) return written;
  }
  throw unwritable('A value mixes quotes and line breaks in a way that no quotes of INI keep.');
}

function* candidates(value: string, style: IniStyle | undefined): Generator<string> {
  if (style !== undefined) yield styledIni(value, style);
  yield sopsChoice(value);
  for (const other of ALL_STYLES) yield styledIni(value, other);
}

const ALL_STYLES: readonly IniStyle[] = ['plain', 'double', 'single', 'backtick', 'triple'];

function sopsChoice(value: string): string {
  if (/[\n`]/.test(value)) return styledIni(value, 'triple');
  if (/[#;]/.test(value)) return styledIni(value, 'backtick');
  return styledIni(value, trimSpace(value) === value ? 'plain' : 'double');
}

function readsBack(written: string, value: string, suffix: string): boolean {
  try {
    const read = readIniValue(`${written}${suffix}\n`, 0);
    return (
      read.value === value &&
      read.lineEnd === written.length + suffix.length &&
      read.style !== 'continued' &&
      (read.span.end === written.length || written === '') &&
      (suffix !== '' || read.comment === null)
    );
  } catch {
    return false;
  }
}

function unwritable(message: string): TidelockError {
  return new TidelockError('ERR_EMIT', message, {
    hint: 'Rename or change it, or write this document as YAML (--output-type yaml).',
  });
}
