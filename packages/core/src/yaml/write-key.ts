import type { Entry, Value } from '../document/document.ts';
import { flowScalarText, type ScalarPlace, scalarText } from './write-scalar.ts';

/** sops writes longer keys, in bytes of UTF-8, with `? `. */
const SIMPLE_KEY_BYTES = 128;

interface KeyText {
  readonly text: string;
  /** Must be written `? key` and `: value` on lines of their own. */
  readonly complex: boolean;
}

/** A key of a block map (SOPS-FORMAT 4.1, String style). */
export function keyText(entry: Entry, place: ScalarPlace): KeyText {
  const { key } = entry;
  if (key === '<<') return { text: mergeKeyText(entry.value), complex: false };
  const complex = /[\n\r\u0085\u2028\u2029]/.test(key) || Buffer.byteLength(key) > SIMPLE_KEY_BYTES;
  return { text: scalarText({ type: 'str', value: key }, place), complex };
}

/** A key of a flow map, its `?` included where it needs one. */
export function flowKeyText(entry: Entry): string {
  const { key } = entry;
  if (key === '<<') return mergeKeyText(entry.value);
  const text = flowScalarText({ type: 'str', value: key });
  return Buffer.byteLength(key) > SIMPLE_KEY_BYTES ? `? ${text}` : text;
}

/** `<<` over what can be merged, as sops writes it; any other value would make an unreadable file. */
function mergeKeyText(value: Value): string {
  return isMergeable(value) ? '!!merge <<' : '"<<"';
}

function isMergeable(value: Value): boolean {
  if (value.kind === 'map') return true;
  return (
    value.kind === 'list' &&
    value.elements.every((element) => element.kind === 'map' || element.kind === 'comment')
  );
}
