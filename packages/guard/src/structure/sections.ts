import type { Source } from '../source.ts';
import type { TextSpan } from '../types.ts';

/**
 * The parts of a file that are documents: the whole, or the fenced blocks and the front matter of a
 * Markdown file.
 */
export function sectionsOf(source: Source): readonly TextSpan[] {
  const text = source.text ?? '';
  if (!/\.(?:md|mdx|markdown|mkd|qmd|rmd)$/i.test(source.path))
    return [{ start: 0, end: text.length }];
  return [...frontMatter(text), ...fencedBlocks(text)];
}

const FENCE = /^ {0,3}(`{3,}|~{3,})[^\n]*$/gm;

function fencedBlocks(text: string): TextSpan[] {
  const blocks: TextSpan[] = [];
  let open: { fence: string; start: number } | null = null;
  for (const match of text.matchAll(FENCE)) {
    const fence = match[1] ?? '';
    if (open === null) open = { fence, start: match.index + match[0].length + 1 };
    else if (fence[0] === open.fence[0] && fence.length >= open.fence.length) {
      blocks.push({ start: Math.min(open.start, match.index), end: match.index });
      open = null;
    }
  }
  if (open !== null && open.start < text.length)
    blocks.push({ start: open.start, end: text.length });
  return blocks;
}

function frontMatter(text: string): TextSpan[] {
  if (!/^---\r?\n/.test(text)) return [];
  const end = text.indexOf('\n---', 3);
  return end === -1 ? [] : [{ start: 4, end: end + 1 }];
}
