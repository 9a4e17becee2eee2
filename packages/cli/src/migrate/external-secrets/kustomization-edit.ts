import type { Deployment, Source } from '@tidelock/guard';
import type { FileChange } from '../../init/file-change.ts';
import { yamlText } from '../../init/yaml-insertion.ts';
import { LeftToHand } from './remote-secret.ts';

/** New files beside one that kustomizations name. */
export interface Addition {
  readonly source: Source;
  /** Paths of files in the folder of the source. */
  readonly paths: readonly string[];
  /** Whether the source itself stays. */
  readonly isKept: boolean;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
}

/**
 * The kustomizations that name a file, with the new files beside it; every other byte stays.
 * @throws LeftToHand for a kustomization that is no plain UTF-8
 */
export function kustomizationChanges(
  { graph }: Deployment,
  additions: readonly Addition[],
): readonly FileChange[] {
  const edits = new Map<Source, Edit[]>();
  for (const { source, paths, isKept } of additions) {
    for (const { kustomization, files } of graph.known) {
      if (kustomization === null) continue;
      for (const { source: used, reference } of files) {
        if (used !== source || reference.use !== 'resource') continue;
        const beside = paths.map((path) => reference.path.replace(/[^/]*$/, baseName(path)));
        const names = [...(isKept ? [reference.path] : []), ...beside];
        const known = edits.get(kustomization.source) ?? [];
        edits.set(kustomization.source, [...known, { ...reference.span, names }]);
      }
    }
  }
  return [...edits].map(([source, list]) => {
    const before = source.text ?? '';
    if (!Buffer.from(before).equals(source.bytes))
      throw new LeftToHand(`${source.path}, which names its file, is no plain UTF-8`);
    const after = list
      .toSorted((a, b) => b.start - a.start)
      .reduce((text, edit) => withNames(text, edit), before);
    return { path: source.path, before, after, context: 3 };
  });
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** One element of a list becomes several, in block and in flow style. */
function withNames(text: string, { start, end, names }: Edit): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lead = text.slice(lineStart, start);
  const shown = names.map(yamlText);
  if (!/^[ \t]*-[ \t]+$/.test(lead))
    return text.slice(0, start) + shown.join(', ') + text.slice(end);
  const [first = '', ...more] = shown;
  const stop = text.indexOf('\n', end);
  const lineEnd = stop === -1 ? text.length : text[stop - 1] === '\r' ? stop - 1 : stop;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = more.map((name) => newline + lead + name).join('');
  return text.slice(0, start) + first + text.slice(end, lineEnd) + lines + text.slice(lineEnd);
}
