import type { TextSpan } from './types.ts';

/** What a template of Helm itself says: `{{ "…" | b64enc }}`, `{{ .Values.x | default "…" }}`. */
const LITERAL =
  /^\{\{-?[ \t]{0,8}(?:"([^"\n]{1,500})"[ \t]{0,8}\||[^"{}\n]{1,200}[| (]default[ \t]{1,8}"([^"\n]{1,500})")/;

/** Where the text stands that a template puts in whatever its values are, or null. */
export function templateLiteral(text: string, at: number): TextSpan | null {
  const found = LITERAL.exec(text.slice(at, at + 800));
  const inner = found?.[1] ?? found?.[2];
  if (found === null || inner === undefined) return null;
  const start = at + found[0].lastIndexOf(`"${inner}"`) + 1;
  return { start, end: start + inner.length };
}
