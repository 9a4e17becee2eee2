import { TidelockError } from '@tidelock/core';
import type { TomlNode, TomlTable } from './toml.ts';

/** Takes values of the expected type out of a table; keys nobody asked for are refused. */
export class TomlReader {
  readonly #table: TomlTable;

  /** @throws TidelockError ERR_CONFIG at a key that is not among the known ones */
  constructor(table: TomlTable, known: readonly string[]) {
    this.#table = table;
    for (const [key, node] of table) {
      if (known.includes(key)) continue;
      throw new TidelockError('ERR_CONFIG', `${shown(key)} is not understood here`, {
        position: node.at,
        hint: `Known here: ${known.join(', ')}.`,
      });
    }
  }

  node(key: string): TomlNode | undefined {
    return this.#table.get(key);
  }

  text(key: string): string | null {
    const value = this.#table.get(key)?.value;
    if (value === undefined || typeof value === 'string') return value ?? null;
    throw this.wrong(key, `${key} is text`);
  }

  number(key: string): number | null {
    const value = this.#table.get(key)?.value;
    if (value === undefined || typeof value === 'number') return value ?? null;
    throw this.wrong(key, `${key} is a number`);
  }

  flag(key: string): boolean | null {
    const value = this.#table.get(key)?.value;
    if (value === undefined || typeof value === 'boolean') return value ?? null;
    throw this.wrong(key, `${key} is true or false`);
  }

  /** Where the first entry of the table stands. */
  get at(): TomlNode['at'] | undefined {
    return [...this.#table.values()][0]?.at;
  }

  list(key: string): readonly TomlNode[] {
    const value = this.#table.get(key)?.value;
    if (value === undefined) return [];
    if (Array.isArray(value)) return value as readonly TomlNode[];
    throw this.wrong(key, `${key} is a list`);
  }

  texts(key: string): readonly string[] {
    return this.list(key).map(({ value }) => {
      if (typeof value === 'string') return value;
      throw this.wrong(key, `${key} is a list of texts`);
    });
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | null {
    const text = this.text(key);
    if (text === null) return null;
    const found = allowed.find((one) => one === text);
    if (found !== undefined) return found;
    throw this.wrong(key, `${key} is one of ${allowed.join(', ')}`);
  }

  table(key: string, known: readonly string[]): TomlReader | null {
    const value = this.#table.get(key)?.value;
    if (value === undefined) return null;
    if (value instanceof Map) return new TomlReader(value, known);
    throw this.wrong(key, `${key} is a table`);
  }

  tables(key: string, known: readonly string[]): readonly TomlReader[] {
    return this.list(key).map(({ value }) => {
      if (value instanceof Map) return new TomlReader(value, known);
      throw this.wrong(key, `${key} is a list of tables`);
    });
  }

  wrong(key: string, what: string): TidelockError {
    const node = this.#table.get(key) ?? [...this.#table.values()][0];
    return new TidelockError('ERR_CONFIG', what, {
      hint: 'The file is read as gitleaks 8 reads it.',
      ...(node === undefined ? {} : { position: node.at }),
    });
  }
}

/** A key of the usual shape; a file under examination could hold anything. */
const shown = (key: string) => (/^[A-Za-z_-]{1,40}$/.test(key) ? key : 'this key');
