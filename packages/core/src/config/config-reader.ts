import type { Scalar } from '../document/document.ts';
import { LineIndex } from '../document/position.ts';
import type { Position } from '../errors.ts';
import type { YamlNode, YamlScalar } from '../yaml/nodes.ts';
import { resolveScalar } from '../yaml/resolve-scalar.ts';

export type ConfigProblemCode =
  | 'syntax'
  | 'unknown-key'
  | 'duplicate-key'
  | 'bad-value'
  | 'bad-regex'
  | 'bad-key'
  | 'selection-conflict';

/** A mistake in a configuration file: what, where, and what was probably meant. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode;
  readonly message: string;
  readonly hint?: string;
  readonly position: Position;
}

/** One field of a map: its key's place and its value, aliases followed. */
export interface Field {
  readonly name: string;
  readonly key: YamlNode;
  readonly value: YamlNode;
}

const DEEPEST_ALIAS = 20;

/** Reads maps, lists and scalars of a YAML configuration strictly and collects every mistake. */
export class ConfigReader {
  readonly problems: ConfigProblem[] = [];
  readonly #lines: LineIndex;

  constructor(text: string) {
    this.#lines = new LineIndex(text);
  }

  positionOf(node: YamlNode): Position {
    return this.#lines.positionAt(node.span.start);
  }

  report(code: ConfigProblemCode, node: YamlNode, message: string, hint?: string): void {
    const position = this.positionOf(node);
    this.problems.push({ code, message, position, ...(hint === undefined ? {} : { hint }) });
  }

  /** The fields of a map, merge keys resolved; [] with a problem for anything else, [] for null. */
  fields(node: YamlNode, what: string): readonly Field[] {
    const map = followAlias(node);
    if (this.isNull(map)) return [];
    if (map.kind !== 'map') {
      this.report('bad-value', node, `${what} must be a map`);
      return [];
    }
    const fields = new Map<string, Field>();
    const merged: Field[] = [];
    for (const pair of map.pairs) {
      const key = followAlias(pair.key);
      if (key.kind !== 'scalar') {
        this.report('bad-value', pair.key, `a key of ${what} must be a word`);
      } else if (key.value === '<<' && key.style === 'plain') {
        merged.push(...this.#mergedFields(pair.value, what, 0));
      } else if (fields.has(key.value)) {
        this.report('duplicate-key', pair.key, `\`${key.value}\` stands twice in ${what}`);
      } else {
        fields.set(key.value, { name: key.value, key: pair.key, value: pair.value });
      }
    }
    for (const field of merged) if (!fields.has(field.name)) fields.set(field.name, field);
    return [...fields.values()];
  }

  #mergedFields(node: YamlNode, what: string, depth: number): readonly Field[] {
    const target = followAlias(node);
    if (depth > DEEPEST_ALIAS) return [];
    if (target.kind === 'list') {
      return target.elements.flatMap((element) => this.#mergedFields(element, what, depth + 1));
    }
    return this.fields(target, what);
  }

  /** Fields by name; unknown ones are reported with the nearest known name. */
  record(node: YamlNode, what: string, known: readonly string[]): ReadonlyMap<string, Field> {
    const record = new Map<string, Field>();
    for (const field of this.fields(node, what)) {
      if (known.includes(field.name)) record.set(field.name, field);
      else this.reportUnknown(field, what, known);
    }
    return record;
  }

  reportUnknown(field: Field, what: string, known: readonly string[]): void {
    const nearest = nearestWord(field.name, known);
    this.report(
      'unknown-key',
      field.key,
      `unknown key \`${field.name}\` in ${what}`,
      nearest === null ? `Known here: ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`,
    );
  }

  elements(node: YamlNode, what: string): readonly YamlNode[] {
    const list = followAlias(node);
    if (this.isNull(list)) return [];
    if (list.kind === 'list') return list.elements;
    this.report('bad-value', node, `${what} must be a list`);
    return [];
  }

  text(node: YamlNode, what: string): string | null {
    const scalar = followAlias(node);
    if (scalar.kind === 'scalar' && typed(scalar).type === 'str') return scalar.value;
    if (!this.isNull(scalar))
      this.report('bad-value', node, `${what} must be text; put it in quotes`);
    return null;
  }

  /** Text, or a number or word that was meant as text. */
  looseText(node: YamlNode, what: string): string | null {
    const scalar = followAlias(node);
    if (scalar.kind === 'scalar' && !this.isNull(scalar)) return scalar.value;
    return this.text(node, what);
  }

  integer(node: YamlNode, what: string): number | null {
    const scalar = followAlias(node);
    if (scalar.kind === 'scalar') {
      const value = typed(scalar);
      if (value.type === 'int') return Number(value.value);
      if (value.type === 'null') return null;
    }
    this.report('bad-value', node, `${what} must be a whole number`);
    return null;
  }

  boolean(node: YamlNode, what: string): boolean | null {
    const scalar = followAlias(node);
    if (scalar.kind === 'scalar') {
      const value = typed(scalar);
      if (value.type === 'bool') return value.value;
      if (value.type === 'null') return null;
    }
    this.report('bad-value', node, `${what} must be true or false`);
    return null;
  }

  isNull(node: YamlNode): boolean {
    const scalar = followAlias(node);
    return scalar.kind === 'scalar' && typed(scalar).type === 'null';
  }
}

export function followAlias(node: YamlNode): Exclude<YamlNode, { kind: 'alias' }> {
  let target = node;
  while (target.kind === 'alias') target = target.target;
  return target;
}

/** A scalar whose text is not what its tag says counts as text: the reader then names the place. */
function typed(scalar: YamlScalar): Scalar {
  const value = resolveScalar(scalar);
  return typeof value === 'object' ? value : { type: 'str', value: scalar.value };
}

/** The known word within two changes of the given one, or null. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[-_]/g, '');
  let best: string | null = null;
  let least = 3;
  for (const candidate of known) {
    const distance = editDistance(plain(word), plain(candidate));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 64) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
