import type { Edit } from './edits.ts';
import { applyEdits } from './edits.ts';

/**
 * Edits a text of lines as if its last line ended with a line break, and takes that one away again:
 * whole lines can so be added and removed anywhere, and a file without a final line break stays one.
 * @param edits an offset beyond the text means the end of the added line break
 */
export function editLines(text: string, newline: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  if (text === '' || text.endsWith('\n')) return applyEdits(text, edits);
  const end = text.length + newline.length;
  const reach = (offset: number): number => (offset > text.length ? end : offset);
  const reaching = edits.map((edit) => ({
    ...edit,
    start: reach(edit.start),
    end: reach(edit.end),
  }));
  const edited = applyEdits(text + newline, reaching);
  return edited.endsWith(newline) ? edited.slice(0, -newline.length) : edited;
}
