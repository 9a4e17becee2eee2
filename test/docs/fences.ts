/** A fenced block of a Markdown file. Lines count from 0. */
export interface Fence {
  readonly language: string;
  /** What stands behind the language: `file=NAME`, `status=1`, `network`, `fake=aws` ... */
  readonly attributes: ReadonlyMap<string, string>;
  readonly body: readonly string[];
  /** The line of the body's first line. */
  readonly start: number;
}

/** The fenced blocks of a Markdown text, in order. An open fence at its end is an error. */
export function fencesOf(markdown: string): readonly Fence[] {
  const lines = markdown.split('\n');
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = /^(`{3,})(\S*)\s*(.*)$/.exec(lines[at] ?? '');
    if (opening === null) continue;
    const [, ticks = '', language = '', info = ''] = opening;
    const end = lines.indexOf(ticks, at + 1);
    if (end === -1) throw new Error(`a fence that opens in line ${at + 1} never closes`);
    fences.push({
      language,
      attributes: attributesOf(info),
      body: lines.slice(at + 1, end),
      start: at + 1,
    });
    at = end;
  }
  return fences;
}

function attributesOf(info: string): ReadonlyMap<string, string> {
  const words = info.split(/\s+/).filter((word) => word !== '');
  return new Map(
    words.map((word) => {
      const equals = word.indexOf('=');
      return equals === -1 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
    }),
  );
}

/** The text with the bodies of some fences replaced. */
export function replaceBodies(
  markdown: string,
  bodies: ReadonlyMap<Fence, readonly string[]>,
): string {
  const lines = markdown.split('\n');
  const latestFirst = [...bodies].sort(([a], [b]) => b.start - a.start);
  for (const [{ start, body }, replacement] of latestFirst)
    lines.splice(start, body.length, ...replacement);
  return lines.join('\n');
}
