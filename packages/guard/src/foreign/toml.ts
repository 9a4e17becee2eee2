import { type Position, TidelockError } from '@tidelock/core';
import { TomlCursor } from './toml-cursor.ts';

/** A value of a TOML file and where it stands. Dates are kept as text. */
export interface TomlNode {
  readonly at: Position;
  readonly value: string | number | boolean | TomlTable | readonly TomlNode[];
}

export type TomlTable = Map<string, TomlNode>;

/** Nesting beyond which a file is refused. */
const DEEPEST = 64;

/** TOML 1.0. @throws TidelockError ERR_CONFIG with the position of what is wrong */
export function parseToml(text: string): TomlTable {
  const cursor = new TomlCursor(text);
  const root: TomlTable = new Map();
  let table = root;
  for (cursor.skipLines(); !cursor.isAtEnd; cursor.skipLines()) {
    if (cursor.take('[')) {
      const isList = cursor.take('[');
      const keys = readKeys(cursor);
      cursor.expect(isList ? ']]' : ']');
      table = isList ? appendTable(root, keys) : openTable(root, keys);
    } else readEntry(cursor, table, 0);
    cursor.endLine();
  }
  return root;
}

interface Key {
  readonly name: string;
  readonly at: Position;
}

function readKeys(cursor: TomlCursor): Key[] {
  const keys: Key[] = [];
  do {
    cursor.skipBlanks();
    const at = cursor.position;
    keys.push({ name: cursor.readKey(), at });
    cursor.skipBlanks();
  } while (cursor.take('.'));
  return keys;
}

function readEntry(cursor: TomlCursor, table: TomlTable, depth: number): void {
  const keys = readKeys(cursor);
  cursor.expect('=');
  const last = keys.pop();
  if (last === undefined) return;
  const target = keys.reduce((at, key) => tableIn(at, key), table);
  if (target.has(last.name)) throw twice(last);
  target.set(last.name, { at: last.at, value: readValue(cursor, depth) });
}

function readValue(cursor: TomlCursor, depth: number): TomlNode['value'] {
  if (depth > DEEPEST) throw cursor.wrong('it is nested too deeply');
  cursor.skipBlanks();
  if (cursor.take('[')) return readList(cursor, depth + 1);
  if (cursor.take('{')) return readInline(cursor, depth + 1);
  return cursor.readScalar();
}

function readList(cursor: TomlCursor, depth: number): TomlNode[] {
  const list: TomlNode[] = [];
  for (cursor.skipLines(); !cursor.take(']'); cursor.skipLines()) {
    const at = cursor.position;
    list.push({ at, value: readValue(cursor, depth) });
    cursor.skipLines();
    if (cursor.take(',')) continue;
    cursor.expect(']');
    break;
  }
  return list;
}

function readInline(cursor: TomlCursor, depth: number): TomlTable {
  const table: TomlTable = new Map();
  cursor.skipBlanks();
  if (cursor.take('}')) return table;
  for (;;) {
    readEntry(cursor, table, depth);
    cursor.skipBlanks();
    if (cursor.take(',')) continue;
    cursor.expect('}');
    return table;
  }
}

function tableIn(table: TomlTable, key: Key): TomlTable {
  const known = table.get(key.name);
  if (known === undefined) {
    const made: TomlTable = new Map();
    table.set(key.name, { at: key.at, value: made });
    return made;
  }
  const { value } = known;
  if (value instanceof Map) return value;
  const last = Array.isArray(value) ? (value as readonly TomlNode[]).at(-1)?.value : undefined;
  if (last instanceof Map) return last;
  throw twice(key);
}

function openTable(root: TomlTable, keys: readonly Key[]): TomlTable {
  return keys.reduce((at, key) => tableIn(at, key), root);
}

function appendTable(root: TomlTable, keys: readonly Key[]): TomlTable {
  const last = keys.at(-1);
  if (last === undefined) return root;
  const parent = openTable(root, keys.slice(0, -1));
  const made: TomlTable = new Map();
  const node = { at: last.at, value: made };
  const known = parent.get(last.name)?.value;
  if (known !== undefined && !Array.isArray(known)) throw twice(last);
  // One list is added to in place: a file of many tables costs no more than its length.
  if (known === undefined) parent.set(last.name, { at: last.at, value: [node] });
  else (known as TomlNode[]).push(node);
  return made;
}

function twice({ at }: Key): TidelockError {
  return new TidelockError('ERR_CONFIG', 'this key has been given a value before', {
    position: at,
    hint: 'Keep one of them.',
  });
}
