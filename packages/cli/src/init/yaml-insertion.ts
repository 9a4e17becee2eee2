import { parseYamlStream, TidelockError, type YamlNode } from '@tidelock/core';

/** The root of a YAML text of one document; null where it is empty, broken or holds several. */
export function rootOf(text: string): YamlNode | null {
  try {
    const { documents } = parseYamlStream(text);
    return documents.length === 1 ? (documents[0]?.root ?? null) : null;
  } catch (error) {
    if (error instanceof TidelockError) return null;
    throw error;
  }
}

export function entryOf(node: YamlNode | null | undefined, key: string): YamlNode | undefined {
  if (node?.kind !== 'map') return undefined;
  return node.pairs.find((pair) => pair.key.kind === 'scalar' && pair.key.value === key)?.value;
}

/**
 * The text with `lines` behind the last entry of a block map or list, indented like its entries;
 * every other byte stays. null where it is written in flow style or not at all.
 */
export function insertBehind(
  text: string,
  collection: YamlNode | undefined,
  lines: readonly string[],
): string | null {
  if (collection === undefined || collection.style !== 'block') return null;
  const newline = lineBreakOf(text);
  const margin = ' '.repeat(collection.column ?? 0);
  const inserted = lines.map((line) => (line === '' ? '' : margin + line) + newline).join('');
  const place = lineEnd(text, collection.span.end);
  const head = text.slice(0, place);
  const gap = head === '' || head.endsWith('\n') ? '' : newline;
  return head + gap + inserted + text.slice(place);
}

/** What is added behind a text, with the text's own line breaks and on a line of its own. */
export function appended(text: string, addition: string): string {
  const newline = lineBreakOf(text);
  const gap = text === '' || text.endsWith('\n') ? '' : newline;
  return `${text}${gap}${addition.replaceAll('\n', newline)}`;
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Behind the line break of the line in which the content ends. */
function lineEnd(text: string, end: number): number {
  if (text[end - 1] === '\n') return end;
  const next = text.indexOf('\n', end);
  return next === -1 ? text.length : next + 1;
}

/** A text as a YAML scalar on one line. */
export function yamlText(text: string): string {
  if (/^[\w./(^](?:[\w./()^$|*+?\\@,=-]|:(?=[^ ]))*$/.test(text) && !AMBIGUOUS.test(text))
    return text;
  if (/^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text);
}

/** Read as something else than text when it stands without quotes. */
const AMBIGUOUS = /^(?:[-+.\d].*|true|false|yes|no|on|off|null|y|n)$/i;
