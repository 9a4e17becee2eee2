import type { SecretTemplate } from './sealed-manifest.ts';

const ACTION = /\{\{(-(?=\s))?([\s\S]*?)((?<=\s)-)?\}\}/g;
const FIELD = /^\s*\.([\p{L}_][\p{L}\p{N}_]*)\s*$/u;
const INDEX = /^\s*index\s+\.\s+(?:"([^"\\\n]*)"|`([^`]*)`)\s*$/;

/**
 * One text of `spec.template.data` with the values filled in, as the controller does. Read are
 * `{{ .key }}` and `{{ index . "key" }}`, with or without `-`; null: the text asks for more.
 */
export function renderTemplate(
  text: string,
  values: ReadonlyMap<string, Uint8Array>,
): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let from = 0;
  let trimsNext = false;
  const literal = (to: number, trimsEnd: boolean) => {
    let piece = text.slice(from, to);
    if (trimsNext) piece = piece.replace(/^[ \t\r\n]+/, '');
    if (trimsEnd) piece = piece.replace(/[ \t\r\n]+$/, '');
    if (piece.includes('{{')) return false;
    parts.push(Buffer.from(piece, 'utf8'));
    return true;
  };
  for (const { 0: whole, 1: trimsBefore, 2: body = '', 3: trimsAfter, index } of text.matchAll(
    ACTION,
  )) {
    const key =
      FIELD.exec(body)?.[1] ??
      INDEX.exec(body)
        ?.slice(1)
        .find((name) => name !== undefined);
    const value = key === undefined ? undefined : values.get(key);
    if (value === undefined || !literal(index, trimsBefore !== undefined)) return null;
    parts.push(value);
    from = index + whole.length;
    trimsNext = trimsAfter !== undefined;
  }
  return literal(text.length, false) ? Buffer.concat(parts) : null;
}

/** The first key of the template that is more than can be rendered here; null: none is. */
export function renderAll(
  { data }: SecretTemplate,
  opened: ReadonlyMap<string, Uint8Array>,
): { readonly values: ReadonlyMap<string, Uint8Array> } | { readonly beyond: string } {
  const values = new Map(opened);
  for (const [key, { text }] of data) {
    const rendered = renderTemplate(text, opened);
    if (rendered === null) return { beyond: key };
    values.set(key, rendered);
  }
  return { values };
}
