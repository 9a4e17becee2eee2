import { TidelockError } from '../errors.ts';
import {
  atDocumentEnd,
  type Cursor,
  cursorAt,
  here,
  skipToToken,
  take,
  yamlError,
} from './cursor.ts';
import type { YamlComment, YamlNode } from './nodes.ts';
import { parseBlockNode } from './parse-block.ts';
import { scanDirectives } from './scan-directives.ts';

/** UTF-16 units of text beyond which a YAML file is refused (64 Mi). */
const MAX_YAML_LENGTH = 64 * 1024 * 1024;

/** One document of a stream, as written. */
export interface YamlDocumentSyntax {
  /** An absent scalar for an empty document. */
  readonly root: YamlNode;
  /** From after the previous separator to before the next one. */
  readonly start: number;
  readonly end: number;
  /** Offset of its `---`; null when it has none. */
  readonly marker: number | null;
  /** Offset of the `...` that ends it; null when it has none. */
  readonly endMarker: number | null;
}

export interface YamlStream {
  readonly documents: readonly YamlDocumentSyntax[];
  /** Every comment of the text, in order. */
  readonly comments: readonly YamlComment[];
  /** Nodes of all documents, keys included. */
  readonly nodeCount: number;
}

/**
 * The syntax trees of a YAML text: what sops' YAML reader accepts (SOPS-FORMAT 4.1), before sops'
 * own rules, so that roots of every kind and keys of every kind are left in.
 * @throws TidelockError ERR_PARSE, ERR_TOO_DEEP, ERR_TOO_LARGE
 */
export function parseYamlStream(text: string): YamlStream {
  if (text.length > MAX_YAML_LENGTH) {
    throw new TidelockError(
      'ERR_TOO_LARGE',
      `the YAML text is longer than ${MAX_YAML_LENGTH} characters`,
      {
        hint: 'Split the file, or encrypt it as a whole with --input-type binary.',
      },
    );
  }
  refuseControlCharacters(text);
  return withinStack(() => parseDocuments(text));
}

/** Turns a stack that a caller had nearly used up into ERR_TOO_DEEP. */
export function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TidelockError('ERR_TOO_DEEP', 'maps and lists are nested too deep for the stack', {
      hint: 'Flatten the file, or raise the limit with node --stack-size.',
    });
  }
}

function parseDocuments(text: string): YamlStream {
  const c = cursorAt(text);
  const documents: YamlDocumentSyntax[] = [];
  skipToToken(c);
  while (c.pos < c.end) documents.push(parseDocument(c, documents));
  return { documents, comments: c.comments, nodeCount: c.nodes };
}

const CONTROL_CHARACTER = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

function refuseControlCharacters(text: string): void {
  const at = text.search(CONTROL_CHARACTER);
  if (at !== -1) throw yamlError({ text, pos: at }, 'control characters are not allowed in YAML');
}

function parseDocument(c: Cursor, before: readonly YamlDocumentSyntax[]): YamlDocumentSyntax {
  const previous = before.at(-1);
  const start = previous?.end ?? 0;
  const declared = scanDirectives(c);
  const marker = c.text.startsWith('---', c.pos) && atDocumentEnd(c) ? c.pos : null;
  if (marker === null && (declared || previous !== undefined)) {
    throw yamlError(c, 'a document does not begin with ---');
  }
  if (marker === null && atDocumentEnd(c)) throw yamlError(c, 'a document ends before it begins');
  if (marker !== null) {
    take(c, 3);
    skipToToken(c);
  }
  const absentAt = marker === null ? c.pos : marker + 3;
  const root = parseBlockNode(c, { indent: -1, indentless: false, absentAt });
  skipToToken(c);
  if (!atDocumentEnd(c))
    throw yamlError(c, 'something follows a complete document; documents are separated by ---');
  const end = c.pos;
  return { root, start, end, marker, endMarker: skipEndMarkers(c, end) };
}

/** Moves over `...` lines. */
function skipEndMarkers(c: Cursor, end: number): number | null {
  while (here(c) === 46 && atDocumentEnd(c)) {
    take(c, 3);
    skipToToken(c);
  }
  return c.pos === end ? null : end;
}
