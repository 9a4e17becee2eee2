import { toBase64 } from '../bytes.ts';
import type { Scalar } from '../document/document.ts';
import { floatYaml } from '../document/float.ts';
import { doubleQuoted, sopsDoubleQuoted } from './write-double.ts';
import { canonicalStyle, plainSafe } from './write-style.ts';

/** Where a scalar is written. */
export interface ScalarPlace {
  /** Column at which the lines of a block scalar begin. */
  readonly textColumn: number;
  /** Column of the keys or dashes the scalar belongs to. */
  readonly parentColumn: number;
  readonly newline: '\n' | '\r\n';
  /** No `|+`: blank lines that may follow would come to belong to the value. */
  readonly unkept?: boolean;
}

/**
 * A scalar as sops writes it (SOPS-FORMAT 4.1, Writing), without a final line break; a literal takes
 * several lines. A float of minus zero is written `-0.0`, so that it stays a float (SOPS-FORMAT 4.7).
 */
export function scalarText(scalar: Scalar, place: ScalarPlace): string {
  if (scalar.type === 'str') return stringText(scalar.value, place);
  return typedText(scalar);
}

/** A scalar that is not a string: always plain, on one line. */
export function typedText(scalar: Exclude<Scalar, { type: 'str' }>): string {
  switch (scalar.type) {
    case 'int':
      return scalar.value.toString();
    case 'float':
      return Object.is(scalar.value, -0) ? '-0.0' : floatYaml(scalar.value);
    case 'bool':
      return scalar.value ? 'true' : 'false';
    case 'time':
      return scalar.value;
    case 'null':
      return 'null';
  }
}

/** A scalar for the inside of a flow collection: one line, nothing that ends a flow scalar. */
export function flowScalarText(scalar: Scalar): string {
  if (scalar.type !== 'str') return typedText(scalar);
  if (typeof scalar.value !== 'string') return `!!binary ${toBase64(scalar.value)}`;
  const style = canonicalStyle(scalar.value);
  if (style === 'plain' && plainSafe(scalar.value, true)) return scalar.value;
  return style === 'single' ? singleQuoted(scalar.value) : doubleQuoted(scalar.value);
}

function stringText(value: string | Uint8Array, place: ScalarPlace): string {
  if (typeof value !== 'string') return binaryText(value, place);
  if (value === '<<') return '!!merge <<';
  switch (canonicalStyle(value)) {
    case 'plain':
      return value;
    case 'single':
      return singleQuoted(value);
    case 'double':
      return sopsDoubleQuoted(value);
    case 'literal':
      if (place.unkept === true && chompingOf(value) === '+') return sopsDoubleQuoted(value);
      return literal(value, place);
  }
}

function binaryText(value: Uint8Array, place: ScalarPlace): string {
  const lines = toBase64(value).match(/.{1,70}/g) ?? [''];
  if (lines.length === 1) return `!!binary ${lines[0] === '' ? '""' : lines[0]}`;
  return `!!binary ${literal(`${lines.join('\n')}\n`, place)}`;
}

/** The text in single quotes; only for what `singleSafe` allows. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A literal block scalar without its last line break. The indentation is given where the text begins
 * with a space or a line break: as the true distance, while sops always gives its own width (and
 * cannot read its own lists then).
 */
function literal(text: string, place: ScalarPlace): string {
  const header = `|${/^[ \n]/.test(text) ? place.textColumn - place.parentColumn : ''}${chompingOf(text)}`;
  return header + literalLines(text, place);
}

/** `-` no final line break, none: one, `+`: more, or nothing but line breaks. */
export function chompingOf(text: string): '-' | '' | '+' {
  if (!text.endsWith('\n')) return '-';
  return text === '\n' || text.endsWith('\n\n') ? '+' : '';
}

/** The lines of a block scalar, each with its line break before it. */
function literalLines(text: string, place: ScalarPlace): string {
  const pad = ' '.repeat(place.textColumn);
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  let out = '';
  for (const line of body.split('\n')) out += place.newline + (line === '' ? '' : pad + line);
  return out;
}
