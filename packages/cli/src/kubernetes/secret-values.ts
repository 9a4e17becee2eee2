import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Flags } from '../flags.ts';
import type { Ports } from '../ports.ts';
import { refused } from './refused.ts';
import type { SecretValues } from './secret-types.ts';

const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const VARIABLE = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const STDIN = '-';

/** The values of all flags, each key once; `-` for a file is standard input. @throws CommandError */
export async function readSecretValues(ports: Ports, flags: Flags): Promise<SecretValues> {
  const values = new Map<string, Uint8Array>();
  const add = (key: string, value: Uint8Array, from: string) => {
    if (!KEY.test(key) || key === '.' || key.startsWith('..'))
      throw refused(
        `a key of ${from} is none that Kubernetes takes`,
        'A key has letters, digits, `-`, `_` and `.`, 253 at most.',
      );
    if (values.has(key)) throw refused(`the key ${key} is given twice`, 'Give it once.');
    values.set(key, value);
  };
  const files = [...flags.list('from-file'), ...flags.list('from-env-file')];
  if (files.filter((file) => file === STDIN || file.endsWith(`=${STDIN}`)).length > 1)
    throw refused('standard input is asked for twice', 'It can be read once.');
  for (const literal of flags.list('from-literal')) {
    const at = literal.indexOf('=');
    if (at < 1)
      throw refused('--from-literal is not of the form KEY=VALUE', '--from-literal key=value');
    add(literal.slice(0, at), Buffer.from(literal.slice(at + 1)), '--from-literal');
  }
  for (const file of flags.list('from-file')) {
    const { key, path } = fileOf(file);
    add(key, await readNamedValue(ports, path), '--from-file');
  }
  for (const path of flags.list('from-env-file'))
    for (const [key, value] of environmentOf(await readNamedValue(ports, path), path))
      add(key, Buffer.from(value), path === STDIN ? 'standard input' : path);
  if (values.size === 0)
    throw refused(
      'no value is given',
      '--from-file key=FILE, --from-env-file FILE (- is standard input), --from-literal key=value',
    );
  return values;
}

/** `[KEY=]PATH`; without a key the name of the file is the key. */
function fileOf(text: string): { readonly key: string; readonly path: string } {
  const at = text.indexOf('=');
  if (at > 0) return { key: text.slice(0, at), path: text.slice(at + 1) };
  if (text === STDIN) throw refused('standard input has no name to be a key', '--from-file key=-');
  return { key: basename(text), path: text };
}

/** @throws CommandError for a file that cannot be read */
export async function readNamedValue(ports: Ports, path: string): Promise<Uint8Array> {
  if (path === STDIN || path === '/dev/stdin') return ports.stdin();
  const absolute = resolve(ports.cwd, path);
  const info = statSync(absolute, { throwIfNoEntry: false });
  if (info === undefined) throw refused(`${path} does not exist`, 'Check the name.');
  if (info.isDirectory()) throw refused(`${path} is a folder`, 'Name each file of it.');
  const bytes = await ports.readFile(absolute).catch(() => null);
  if (bytes === null) throw refused(`${path} could not be read`, 'Check its permissions.');
  return bytes;
}

/** As kubectl reads such files: `KEY=VALUE` a line, nothing is a quote, `#` begins a line of comment. */
function* environmentOf(bytes: Uint8Array, path: string): Iterable<readonly [string, string]> {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const shown = path === STDIN ? 'standard input' : path;
  if (text.includes('\ufffd')) throw refused(`${shown} is not UTF-8`, 'Save it as UTF-8.');
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '').trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const key = at < 0 ? '' : line.slice(0, at);
    if (!VARIABLE.test(key))
      throw refused(
        `${shown}:${index + 1}: no line of the form KEY=VALUE`,
        'A value of several lines needs a file of its own: --from-file key=FILE.',
      );
    yield [key, line.slice(at + 1)];
  }
}
