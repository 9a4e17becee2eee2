import { decodeUtf8, fromBase64 } from '../bytes.ts';
import { NULL_SCALAR, type Scalar } from '../document/document.ts';
import type { YamlScalar } from './nodes.ts';
import { OUT_OF_RANGE, parseNumber } from './parse-number.ts';
import { parseTimestamp } from './parse-timestamp.ts';

/** Why a scalar has no value in sops: its tag says a type that its text is not, or its range. */
export type UnresolvedScalar = typeof OUT_OF_RANGE | 'tag-mismatch' | 'bad-base64';

const TRUE: Scalar = { type: 'bool', value: true };
const FALSE: Scalar = { type: 'bool', value: false };

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...['true', 'True', 'TRUE'].map((word) => [word, TRUE] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, FALSE] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, NULL_SCALAR] as const),
]);

/** The typed value of a scalar node, by its tag, its style and its text (SOPS-FORMAT 1.6). */
export function resolveScalar(node: YamlScalar): Scalar | UnresolvedScalar {
  if (node.tag !== undefined && node.tag !== '!') return resolveTagged(node.tag, node.value);
  if (node.style === 'plain' || node.style === 'absent') return resolvePlain(node.value);
  return { type: 'str', value: node.value };
}

/** What text without quotes and tag stands for. */
export function resolvePlain(text: string): Scalar | typeof OUT_OF_RANGE {
  const hint = text.charCodeAt(0);
  if (hint > NINE || Number.isNaN(hint)) {
    if (hint <= LOWER_Z && text.length > LONGEST_WORD) return { type: 'str', value: text };
    return WORDS.get(text) ?? { type: 'str', value: text };
  }
  if (hint < PLUS) return { type: 'str', value: text };
  const number = parseNumber(text);
  if (number !== null) return number;
  const time = text.charCodeAt(4) === DASH ? parseTimestamp(text) : null;
  return time === null ? { type: 'str', value: text } : { type: 'time', value: time };
}

const PLUS = 43;
const DASH = 45;
const NINE = 57;
const LOWER_Z = 122;
const LONGEST_WORD = 5;

const TYPE_OF_TAG: ReadonlyMap<string, Scalar['type']> = new Map([
  ['!!int', 'int'],
  ['!!float', 'float'],
  ['!!bool', 'bool'],
  ['!!null', 'null'],
  ['!!timestamp', 'time'],
]);

function resolveTagged(tag: string, text: string): Scalar | UnresolvedScalar {
  if (tag === '!!binary') return resolveBinary(text);
  const type = TYPE_OF_TAG.get(tag);
  if (type === undefined) return { type: 'str', value: text };
  const scalar = resolvePlain(text);
  if (scalar === OUT_OF_RANGE) return type === 'int' ? OUT_OF_RANGE : 'tag-mismatch';
  if (scalar.type === type) return scalar;
  if (type === 'float' && scalar.type === 'int') return { type, value: Number(scalar.value) };
  return 'tag-mismatch';
}

function resolveBinary(text: string): Scalar | UnresolvedScalar {
  const bytes = fromBase64(text);
  return bytes === null ? 'bad-base64' : { type: 'str', value: decodeUtf8(bytes) ?? bytes };
}
