import {
  type Finding,
  type Source,
  structureOf,
  type Tree,
  type TreePath,
  treePathText,
} from '@tidelock/guard';

/** Where a value stands, without a character of it: its key path, else its line. */
export function placeOf(finding: Finding, source: Source): string {
  const { treePath, range, kind, frame } = finding;
  if (treePath !== undefined) return treePath;
  if (range === null) return 'the whole file';
  const offset = source.lines.lineSpan(range.startLine - 1).start + range.startColumn - 1;
  for (const { root, span } of structureOf(source).documents) {
    if (offset < span.start || offset >= span.end) continue;
    const path = pathAt(root, offset);
    if (path !== null && path.length > 0) return treePathText(path);
  }
  const name = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]/.exec(frame ?? '')?.[1];
  const line = `line ${range.startLine}`;
  if (name !== undefined) return `${name} (${line})`;
  return kind === undefined ? line : `${line} (${kind})`;
}

/** The scalar that holds the offset. */
function pathAt(root: Tree, offset: number): TreePath | null {
  const path: (string | number)[] = [];
  for (let at: Tree | undefined = root; at !== undefined; ) {
    if (at.kind === 'scalar') return holds(at, offset) ? path : null;
    const steps: readonly (readonly [string | number, Tree])[] =
      at.kind === 'map'
        ? at.entries.map(({ key, value }) => [key, value])
        : at.elements.map((element, i) => [i, element]);
    const next = steps.find(([, value]) => holds(value, offset));
    if (next === undefined || path.length > 1000) return null;
    path.push(next[0]);
    at = next[1];
  }
  return null;
}

const holds = ({ span }: Tree, offset: number) => offset >= span.start && offset <= span.end;
