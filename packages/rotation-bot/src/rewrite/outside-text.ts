import type { Document, Format, Span } from '@tidelock/core';

/** Stands where a token or a sops block stood; no file holds this character (U+FFFF). */
const GAP = '\uffff';

/**
 * The text of a file but for the given tokens and its sops block; null when it cannot be told where
 * one of them stands.
 */
export function textOutside(
  { format, origin }: Document,
  tokens: readonly (Span | undefined)[],
): string | null {
  if (origin === null) return null;
  const blocks = BLOCKS[format](origin);
  const spans = [...tokens, ...blocks];
  if (spans.includes(undefined) || blocks.length === 0) return null;
  const known = spans.flatMap((span) => span ?? []).sort((a, b) => a.start - b.start);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of known) {
    if (start < at) return null;
    parts.push(origin.text.slice(at, start));
    at = end;
  }
  return [...parts, origin.text.slice(at)].join(GAP);
}

type Origin = NonNullable<Document['origin']>;
type FindBlocks = (origin: Origin) => readonly (Span | undefined)[];

const nodes: FindBlocks = ({ blocks }) =>
  blocks.flatMap((block) => (block === null ? [] : [block.syntax?.span]));

/** How each format holds its sops block: as a node, as lines, as a section. */
const BLOCKS: Readonly<Record<Format, FindBlocks>> = {
  yaml: nodes,
  json: nodes,
  binary: nodes,
  dotenv: ({ text }) => joined([...text.matchAll(/^sops_[^\n]*(?:\n|$)/gm)].map(spanOf)),
  ini: ({ text }) => [...text.matchAll(/^\[sops\][^\n]*(?:\n(?!\[)[^\n]*)*/gm)].map(spanOf),
};

function spanOf(match: RegExpMatchArray): Span {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}

/** Lines that follow one another are one block, however many there are. */
function joined(lines: readonly Span[]): readonly Span[] {
  const blocks: Span[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last?.end === line.start) blocks[blocks.length - 1] = { ...last, end: line.end };
    else blocks.push(line);
  }
  return blocks;
}
