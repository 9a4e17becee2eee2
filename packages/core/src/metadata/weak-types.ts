import { formatSeconds, parseRfc3339 } from '../cipher/rfc3339.ts';
import { plaintextOf, type ValueScalar } from '../cipher/scalar.ts';
import type { MapNode, Scalar, Value } from '../document/document.ts';
import { findEntry } from '../document/document.ts';
import { TidelockError } from '../errors.ts';

/**
 * A map of the sops block whose fields are read weakly typed: flattened formats know text only, and
 * YAML may leave quotes away (SOPS-FORMAT 4.6). `where` names it in errors.
 */
export class WeakMapReader {
  readonly #map: MapNode;
  readonly #where: string;

  constructor(map: MapNode, where: string) {
    this.#map = map;
    this.#where = where;
  }

  /** '' when missing. */
  text(field: string): string {
    const scalar = this.#scalar(field);
    if (scalar === null) return '';
    if (scalar.type === 'bool') return scalar.value ? '1' : '0';
    const text = plaintextOf(scalar);
    if (typeof text === 'string') return text;
    throw this.#wrong(field, 'is not text');
  }

  /** RFC 3339 with whole seconds, however precise the file is. Must be there. */
  time(field: string): string {
    const time = parseRfc3339(this.text(field));
    if (time === null) throw this.#wrong(field, 'is not an RFC 3339 time');
    return formatSeconds(time);
  }

  /** 0 when missing. */
  count(field: string): number {
    const scalar = this.#scalar(field);
    if (scalar === null) return 0;
    if (scalar.type === 'bool') return scalar.value ? 1 : 0;
    const value = Number(scalar.type === 'str' && scalar.value === '' ? 0 : scalar.value);
    if (!Number.isSafeInteger(value) || value < 0) throw this.#wrong(field, 'is not a count');
    return value;
  }

  /** false when missing. */
  flag(field: string): boolean {
    const scalar = this.#scalar(field);
    if (scalar === null) return false;
    if (scalar.type === 'bool') return scalar.value;
    if (scalar.type === 'int') return scalar.value !== 0n;
    if (scalar.type === 'float') return scalar.value !== 0;
    const text = String(scalar.value);
    if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
    if (/^(?:|0|f|F|FALSE|false|False)$/.test(text)) return false;
    throw this.#wrong(field, 'is neither true nor false');
  }

  /** The maps of a list; none when missing, null or ''. A map alone counts as a list of one. */
  maps(field: string): readonly WeakMapReader[] {
    const value = findEntry(this.#map, field)?.value;
    if (value === undefined || isNothing(value)) return [];
    if (value.kind === 'map') return [this.#below(value, field)];
    if (value.kind === 'leaf') throw this.#wrong(field, 'is not a list');
    const elements = value.elements.filter((element) => element.kind !== 'comment');
    return elements.map((element, i) => {
      if (element.kind === 'map') return this.#below(element, `${field}[${i}]`);
      throw this.#wrong(`${field}[${i}]`, 'is not a map');
    });
  }

  /** Text by text; empty when missing. */
  texts(field: string): ReadonlyMap<string, string> {
    const value = findEntry(this.#map, field)?.value;
    if (value === undefined || isNothing(value)) return new Map();
    if (value.kind !== 'map') throw this.#wrong(field, 'is not a map');
    const reader = this.#below(value, field);
    const texts = new Map<string, string>();
    for (const item of value.items) {
      if (item.kind === 'entry') texts.set(item.key, reader.text(item.key));
    }
    return texts;
  }

  fail(field: string, problem: string): TidelockError {
    return this.#wrong(field, problem);
  }

  #scalar(field: string): ValueScalar | null {
    const value = findEntry(this.#map, field)?.value;
    if (value === undefined) return null;
    if (value.kind !== 'leaf') throw this.#wrong(field, `is a ${value.kind}, not a single value`);
    return nonNull(value.scalar);
  }

  #below(map: MapNode, field: string): WeakMapReader {
    return new WeakMapReader(map, `${this.#where}.${field}`);
  }

  #wrong(field: string, problem: string): TidelockError {
    return new TidelockError('ERR_METADATA', `${this.#where}.${field} ${problem}`, {
      hint: 'The sops block is damaged: restore it from an earlier commit.',
    });
  }
}

function nonNull(scalar: Scalar): ValueScalar | null {
  return scalar.type === 'null' ? null : scalar;
}

function isNothing(value: Value): boolean {
  if (value.kind !== 'leaf') return false;
  const { scalar } = value;
  return scalar.type === 'null' || (scalar.type === 'str' && scalar.value.length === 0);
}
