import type { Span } from '../document/document.ts';
import type { YamlComment, YamlNode } from './nodes.ts';
import type { YamlDocumentSyntax, YamlStream } from './parse.ts';
import type { YamlDocumentLayout, YamlLayout } from './syntax.ts';

/** Where each document of the text begins, ends and would take a further entry. */
export function layoutOf(text: string, stream: YamlStream): YamlLayout {
  let next = 0;
  const documents = stream.documents.map((document) => {
    let last: YamlComment | undefined;
    for (let at = stream.comments[next]; at !== undefined && at.span.start < document.end; ) {
      last = at;
      at = stream.comments[++next];
    }
    return documentLayout(text, document, last);
  });
  return { documents, newline: newlineOf(text) };
}

function documentLayout(
  text: string,
  { root, start, end, marker }: YamlDocumentSyntax,
  lastComment: YamlComment | undefined,
): YamlDocumentLayout {
  const isEmpty = root.kind === 'scalar';
  const afterMarker = marker === null ? start : marker + 3;
  const lastContent = Math.max(root.span.end, afterMarker, lastComment?.span.end ?? 0);
  return {
    span: { start, end },
    contentEnd: Math.min(endOfLine(text, lastContent), end),
    rootColumn: root.column ?? 0,
    rootStyle: isEmpty ? 'absent' : root.style === 'flow' ? 'flow' : 'block',
    rootSpan: root.span,
    blockSpan: sopsSpan(text, root),
  };
}

/** After the line break of the line; the offset itself where it begins a line. */
function endOfLine(text: string, offset: number): number {
  const before = text.charCodeAt(offset - 1);
  if (offset === 0 || before === LF || (before === CR && text.charCodeAt(offset) !== LF))
    return offset;
  for (let at = offset; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF) return at + 1;
    if (code === CR) return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }
  return text.length;
}

const LF = 10;
const CR = 13;

function sopsSpan(text: string, root: YamlNode): Span | null {
  if (root.kind !== 'map') return null;
  const pair = root.pairs.findLast(({ key }) => key.kind === 'scalar' && key.value === 'sops');
  if (pair === undefined) return null;
  const end = Math.max(pair.value.span.end, pair.span.end, (pair.colon ?? -1) + 1);
  if (root.style === 'flow') return { start: pair.entryStart, end };
  return { start: pair.entryStart - pair.column, end: endOfLine(text, end) };
}

function newlineOf(text: string): YamlLayout['newline'] {
  let crlf = 0;
  let lf = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    if (text.charCodeAt(at - 1) === CR) crlf++;
    else lf++;
  }
  return crlf > lf ? '\r\n' : '\n';
}
