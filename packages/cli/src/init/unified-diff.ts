/** One file before and after; null: it does not exist yet. */
export interface TextChange {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
  /** Lines shown around a change: 0 for files that may hold more than settings. */
  readonly context: number;
}

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** The change as `git apply` takes it; `--unidiff-zero` where the context is 0. */
export function unifiedDiff({ path, before, after, context }: TextChange): string {
  if (before === after) return '';
  const found = compare(splitLines(before ?? ''), splitLines(after));
  const lines = context === 0 ? found.map((line) => withoutOldText(line, before ?? '')) : found;
  const from = before === null ? '/dev/null' : `a/${path}`;
  return [`--- ${from}\n+++ b/${path}\n`, ...hunks(lines, context)].join('');
}

/** A last line that only gets its line break shows nothing of what stands in it. */
function withoutOldText(line: Line, before: string): Line {
  const last = before.slice(before.lastIndexOf('\n') + 1);
  const isLast = last !== '' && line.mark !== ' ' && line.text.replace(/\n$/, '') === last;
  return isLast ? { ...line, text: `••••••••${line.text.slice(last.length)}` } : line;
}

/** With their line breaks. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What is only added is found line by line; a change of another kind is one block. */
function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const added = insertions(before, after);
  if (added !== null) return added;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  const marked = (mark: Line['mark'], texts: readonly string[]) =>
    texts.map((text) => ({ mark, text }));
  return [
    ...marked(' ', before.slice(0, start)),
    ...marked('-', before.slice(start, before.length - end)),
    ...marked('+', after.slice(start, after.length - end)),
    ...marked(' ', before.slice(before.length - end)),
  ];
}

/** null where a line of `before` is missing in `after`. */
function insertions(before: readonly string[], after: readonly string[]): Line[] | null {
  const lines: Line[] = [];
  let next = 0;
  for (const text of after) {
    if (text === before[next]) {
      next++;
      lines.push({ mark: ' ', text });
    } else lines.push({ mark: '+', text });
  }
  return next === before.length ? lines : null;
}

function* hunks(lines: readonly Line[], context: number): Iterable<string> {
  let [oldLine, newLine] = [1, 1];
  for (let at = 0; at < lines.length; ) {
    const first = lines.findIndex((line, i) => i >= at && line.mark !== ' ');
    if (first === -1) return;
    const start = Math.max(at, first - context);
    let end = first + 1;
    for (let i = first; i < lines.length && i <= end + 2 * context; i++)
      if (lines[i]?.mark !== ' ') end = i + 1;
    end = Math.min(lines.length, end + context);
    oldLine += start - at;
    newLine += start - at;
    const part = lines.slice(start, end);
    const olds = part.filter(({ mark }) => mark !== '+').length;
    const news = part.filter(({ mark }) => mark !== '-').length;
    yield `@@ -${place(oldLine, olds)} +${place(newLine, news)} @@\n`;
    for (const { mark, text } of part) yield mark + terminated(text);
    oldLine += olds;
    newLine += news;
    at = end;
  }
}

/** A side without lines names the line before it. */
const place = (line: number, count: number) => `${count === 0 ? line - 1 : line},${count}`;

const terminated = (text: string) =>
  text.endsWith('\n') ? text : `${text}\n\\ No newline at end of file\n`;
