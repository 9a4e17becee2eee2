import type { Entry, MapNode } from '../document/document.ts';
import { entriesOf } from '../document/document.ts';
import { MINIMAL_SPELLING, spell } from './json-spelling.ts';
import type { JsonLayoutStyle } from './json-write.ts';

/** The habits of the file that is written into. */
export interface JsonFileStyle {
  readonly text: string;
  readonly newline: '\n' | '\r\n';
  /** One level of indentation; a tab when the file shows none. */
  readonly unit: string;
  /** What stands before the members of the root on their lines. */
  readonly rootIndent: string;
  readonly colon: string;
  readonly afterComma: string;
}

export function jsonFileStyle(text: string, root: MapNode): JsonFileStyle {
  const [first, second] = entriesOf(root);
  const rootIndent = first === undefined ? null : lineIndent(text, startOf(first));
  const outer = (root.syntax && lineIndent(text, root.syntax.span.start)) ?? '';
  const unit = rootIndent?.startsWith(outer) ? rootIndent.slice(outer.length) : '\t';
  return {
    text,
    newline: text.charAt(text.indexOf('\n') - 1) === '\r' ? '\r\n' : '\n',
    unit,
    rootIndent: rootIndent ?? `${outer}\t`,
    ...separators(text, first, second),
  };
}

function separators(text: string, first?: Entry, second?: Entry) {
  const value = first?.value.syntax;
  if (first?.syntax === undefined || value === undefined) return { colon: ': ', afterComma: ' ' };
  const between = text.slice(first.syntax.span.end, value.span.start);
  const colon = between.includes('\n') ? ': ' : between;
  const comma = second?.syntax && text.slice(value.span.end, second.syntax.span.start);
  const afterComma = comma?.startsWith(',') && !comma.includes('\n') ? comma.slice(1) : undefined;
  return { colon, afterComma: afterComma ?? (colon.endsWith(' ') ? ' ' : '') };
}

/** For what is added on lines of its own. */
export function linesStyle({ unit, newline, colon }: JsonFileStyle): JsonLayoutStyle {
  return { unit, newline, colon, afterComma: ' ', ...IN_PLACE };
}

/** For what is added within a line. */
export function oneLineStyle({ newline, colon, afterComma }: JsonFileStyle): JsonLayoutStyle {
  return { unit: null, newline, colon, afterComma, ...IN_PLACE };
}

/** For the sops block: always over several lines and with `: `, which is what Flux looks for. */
export function blockStyle({ unit, newline }: JsonFileStyle): JsonLayoutStyle {
  return { unit, newline, colon: ': ', afterComma: ' ', ...IN_PLACE };
}

/** The white space before `offset` on its line; null when something else stands there. */
export function lineIndent(text: string, offset: number): string | null {
  let at = offset;
  while (at > 0 && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  return at === 0 || text[at - 1] === '\n' ? text.slice(at, offset) : null;
}

/** How single scalars are written into a file. */
export const IN_PLACE: Pick<JsonLayoutStyle, 'quote' | 'negativeZero'> = {
  quote: (text) => spell(text, MINIMAL_SPELLING),
  negativeZero: '-0.0',
};

function startOf(entry: Entry): number {
  return entry.syntax?.span.start ?? 0;
}
