import type { Source } from '../source.ts';
import type { TextSpan } from '../types.ts';

/**
 * The parts of a file that are documents: the whole, or the fenced blocks and the front matter of a
 * Markdown file.
 */
export function sectionsOf(source: Source): readonly TextSpan[] {
  const text = source.text ?? '';
  if (!isMarkdown(source)) return [{ start: 0, end: text.length }];
  return [...frontMatter(text), ...fencedBlocks(text)];
}

/** What lies between the sections: prose, and in Markdown also code that is marked by indentation. */
export function gapsOf(source: Source): readonly TextSpan[] {
  const text = source.text ?? '';
  const gaps: TextSpan[] = [];
  let start = 0;
  for (const section of sectionsOf(source)) {
    if (section.start > start) gaps.push({ start, end: section.start });
    start = Math.max(start, section.end);
  }
  return start < text.length ? [...gaps, { start, end: text.length }] : gaps;
}

function isMarkdown({ path }: Source): boolean {
  return /\.(?:md|mdx|markdown|mkd|qmd|rmd)$/i.test(path);
}

/** Also within lists and quotations. */
const FENCE = /^[ \t>]{0,40}(`{3,}|~{3,})[^\n]*$/gm;

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
