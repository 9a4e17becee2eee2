import type { Scalar, Value } from '../document/document.ts';
import { floatJson } from '../document/float.ts';
import { textOf } from './scalar-text.ts';

/** How a piece of JSON is laid out. */
export interface JsonLayoutStyle {
  /** What one level is indented by; null writes everything on one line. */
  readonly unit: string | null;
  readonly newline: '\n' | '\r\n';
  /** Between key and value: `: ` or `:`. */
  readonly colon: string;
  /** After a comma where everything stands on one line: ` ` or nothing. */
  readonly afterComma: string;
  /** `-0`, as sops writes it, is read as an integer: under a MAC it needs its point. */
  readonly negativeZero: '-0' | '-0.0';
  /** The spelling of a string, quotes included. */
  readonly quote: (text: string) => string;
}

/**
 * JSON text of a value; comments are dropped.
 * @param indent what stands before the line the value begins on
 * @throws TidelockError ERR_EMIT for NaN, infinities and bytes that are not text
 */
export function writeJson(value: Value, style: JsonLayoutStyle, indent: string): string {
  const parts: string[] = [];
  writeValue(value, { style, parts }, indent);
  return parts.join('');
}

interface Output {
  readonly style: JsonLayoutStyle;
  readonly parts: string[];
}

function writeValue(value: Value, output: Output, indent: string): void {
  if (value.kind === 'leaf') {
    output.parts.push(jsonScalar(value.scalar, output.style));
    return;
  }
  const { style, parts } = output;
  const [open, close] = value.kind === 'map' ? ['{', '}'] : ['[', ']'];
  const inner = style.unit === null ? '' : style.newline + indent + style.unit;
  let count = 0;
  parts.push(open);
  for (const item of value.kind === 'map' ? value.items : value.elements) {
    if (item.kind === 'comment') continue;
    if (count++ > 0) parts.push(style.unit === null ? `,${style.afterComma}` : ',');
    parts.push(inner);
    if (item.kind === 'entry') parts.push(style.quote(item.key), style.colon);
    writeValue(item.kind === 'entry' ? item.value : item, output, indent + (style.unit ?? ''));
  }
  if (count > 0 && style.unit !== null) parts.push(style.newline, indent);
  parts.push(close);
}

/** One scalar; a time is a quoted string (SOPS-FORMAT 4.2). */
export function jsonScalar(
  scalar: Scalar,
  { quote, negativeZero }: Pick<JsonLayoutStyle, 'quote' | 'negativeZero'>,
): string {
  switch (scalar.type) {
    case 'str':
      return quote(textOf(scalar.value));
    case 'int':
      return scalar.value.toString();
    case 'float':
      return Object.is(scalar.value, -0) ? negativeZero : floatJson(scalar.value);
    case 'bool':
      return scalar.value ? 'true' : 'false';
    case 'time':
      return quote(scalar.value);
    case 'null':
      return 'null';
  }
}
