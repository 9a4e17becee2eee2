import type { Source } from '../source.ts';
import type { TextSpan } from '../types.ts';
import { readJsonTrees } from './json-tree.ts';
import { gapsOf, sectionsOf } from './sections.ts';
import type { Tree } from './tree.ts';
import { readYamlTrees } from './yaml-tree.ts';

export interface StructuredDocument {
  readonly format: 'yaml' | 'json';
  readonly root: Tree;
  readonly span: TextSpan;
  /** Which part of the file it is from: a Markdown file has several. Most have one. */
  readonly section: number;
}

export interface Structure {
  readonly documents: readonly StructuredDocument[];
  /** Parts that did not parse: templates, or broken. Looked at line by line. */
  readonly unparsed: readonly TextSpan[];
}

/** Text beyond which no tree is made, in UTF-16 units: it is looked at line by line. */
export const LARGEST_STRUCTURE = 8 * 1024 * 1024;

/** The YAML or JSON documents of a file. Call only when something in the text calls for it. */
export function structureOf(source: Source): Structure {
  return source.derive(readStructure);
}

function readStructure(source: Source): Structure {
  const text = source.text ?? '';
  const documents: StructuredDocument[] = [];
  const unparsed: TextSpan[] = [];
  if (text.length > LARGEST_STRUCTURE)
    return { documents, unparsed: [{ start: 0, end: text.length }] };
  sectionsOf(source).forEach((section, index) => {
    const found = readText(text.slice(section.start, section.end), section.start);
    documents.push(...found.documents.map((document) => ({ ...document, section: index })));
    unparsed.push(...found.unparsed);
  });
  unparsed.push(...gapsOf(source));
  return { documents, unparsed };
}

/** Documents of a text that begins at `offset` of its file. */
export function readText(text: string, offset: number): Structure {
  const documents: StructuredDocument[] = [];
  const unparsed: TextSpan[] = [];
  for (const part of documentParts(text)) {
    const slice = text.slice(part.start, part.end);
    const span = { start: part.start + offset, end: part.end + offset };
    const json = /^\s*[{[]/.test(slice) ? readJsonTrees(slice, span.start) : null;
    const trees = json ?? readYamlTrees(slice, span.start);
    if (trees === null) unparsed.push(span);
    else {
      const format = json === null ? 'yaml' : 'json';
      documents.push(...trees.map((root) => ({ format, root, span, section: 0 }) as const));
    }
  }
  return { documents, unparsed };
}

const SEPARATOR = /^---(?=[ \t\r\n]|$)/gm;

/** A document that does not parse shall not hide its neighbours: each is read by itself. */
function documentParts(text: string): TextSpan[] {
  const cuts = Array.from(text.matchAll(SEPARATOR), (match) => match.index).filter((at) => at > 0);
  const edges = [0, ...cuts, text.length];
  return edges
    .slice(0, -1)
    .map((start, i) => ({ start, end: edges[i + 1] ?? text.length }))
    .filter((part) => hasContent(text, part));
}

/** A line other than blank ones, comments, directives and the separator. */
function hasContent(text: string, { start, end }: TextSpan): boolean {
  for (let at = start; at < end; ) {
    const next = text.indexOf('\n', at);
    const stop = next === -1 || next > end ? end : next;
    if (/^[ \t]*[^\s#%]/.test(text.slice(at, stop).replace(/^---(?=\s|$)/, ''))) return true;
    at = stop + 1;
  }
  return false;
}
