import type { Document, Item, Span, Syntax } from '../document/document.ts';
import { stringLeaf } from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { unflatten } from './flatten.ts';
import { MAX_LINES_ITEMS, readText, tooLarge } from './read-text.ts';

/** What begins the key of a line of metadata. */
export const METADATA_PREFIX = 'sops_';

/** Of an entry the key, of a comment the text after its `#`. */
export interface DotenvSyntax extends Syntax {
  /** The whole line with its line break, as if the last line had one. */
  readonly line: Span;
}

/** One `sops_` line. */
export interface MetadataLine {
  /** Without the prefix. */
  readonly key: string;
  readonly value: Span;
  readonly line: Span;
}

/** `Origin.layout` of the dotenv store. */
export interface DotenvLayout {
  readonly metadata: readonly MetadataLine[];
}

/**
 * SOPS-FORMAT 4.4: no quotes, no trimming; a CR before the line feed belongs to the value.
 * @throws TidelockError ERR_PARSE, ERR_METADATA, ERR_NOT_UTF8, ERR_TOO_LARGE
 */
export function parseDotenv(bytes: Uint8Array): Document {
  const text = readText(bytes);
  const items: Item[] = [];
  const metadata: MetadataLine[] = [];
  for (let start = 0; start < text.length; ) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    if (end > start) {
      if (items.length + metadata.length >= MAX_LINES_ITEMS)
        throw tooLarge(`${MAX_LINES_ITEMS} lines`);
      readLine(text, { start, end }, { items, metadata });
    }
    start = end + 1;
  }
  const branch = { kind: 'map', items } as const;
  const block = metadata.length === 0 ? null : unflatten(metadataPairs(text, metadata));
  const layout: DotenvLayout = { metadata };
  return {
    format: 'dotenv',
    branches: [branch],
    block,
    origin: { text, branches: [branch], blocks: [block], layout },
  };
}

/** The value as written: the two characters `\n` stand for a line break. */
function decodeDotenvValue(raw: string): string {
  return raw.replaceAll('\\n', '\n');
}

function readLine(text: string, { start, end }: Span, out: Output): void {
  const line = { start, end: end + 1 };
  if (text.charAt(start) === '#') {
    const syntax: DotenvSyntax = { span: { start: start + 1, end }, line };
    out.items.push({ kind: 'comment', text: text.slice(start + 1, end), inline: false, syntax });
    return;
  }
  const content = text.slice(start, end);
  const equals = content.indexOf('=');
  if (equals === -1) throw withoutEquals(text, start, content);
  const value = { start: start + equals + 1, end };
  if (content.startsWith(METADATA_PREFIX)) {
    out.metadata.push({ key: content.slice(METADATA_PREFIX.length, equals), value, line });
    return;
  }
  const leaf = stringLeaf(decodeDotenvValue(content.slice(equals + 1)));
  const syntax: DotenvSyntax = { span: { start, end: start + equals }, line };
  out.items.push({
    kind: 'entry',
    key: content.slice(0, equals),
    value: { ...leaf, syntax: { span: value } },
    syntax,
  });
}

interface Output {
  readonly items: Item[];
  readonly metadata: MetadataLine[];
}

function* metadataPairs(text: string, lines: readonly MetadataLine[]): Generator<[string, string]> {
  for (const { key, value, line } of lines) {
    const raw = text.slice(value.start, value.end);
    if (raw.endsWith('\r')) {
      throw new TidelockError('ERR_METADATA', 'The sops_ lines end with CR LF.', {
        position: positionAt(text, line.start),
        hint: 'Give the sops_ lines plain line feeds; keep Git from converting this file (-text).',
      });
    }
    yield [key, decodeDotenvValue(raw)];
  }
}

function withoutEquals(text: string, start: number, line: string): TidelockError {
  const blank = line.trim() === '';
  return new TidelockError(
    'ERR_PARSE',
    blank ? 'A dotenv line holds white space only.' : 'A dotenv line has no "=".',
    {
      position: positionAt(text, start),
      hint: blank
        ? 'Empty the line (in a file with CR LF, blank lines need plain LF): sops refuses it.'
        : 'Every line is KEY=value, a comment beginning with "#", or empty; write a line break in a value as \\n.',
    },
  );
}
