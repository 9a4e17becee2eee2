import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanEnv, peer, run, vector } from '../../../../../test/support/program.ts';
import type { MapNode, Scalar, Value } from '../../../src/document/document.ts';
import { TidelockError } from '../../../src/errors.ts';
import { readYaml } from '../../../src/yaml/read.ts';

const RECIPIENT = 'age1kzdgk3ls7fpwe3k4zr6d8xctsxrq2kzh8600r9lxtdr430m3d45sten9va';

/** The exit code of sops for each of our refusals (SOPS-FORMAT 9.5). */
const EXIT: Readonly<Record<string, number>> = {
  ERR_PARSE: 2,
  ERR_NON_STRING_KEY: 23,
  ERR_NUMBER_RANGE: 23,
};

const DOCUMENTS: readonly string[] = [
  'a: 1\n',
  '{}',
  '{a: 1, b: [x, y]}',
  '---\na: 1\n',
  '# c\na: 1 # d\n',
  'a: 1\r\nb: 2\r\n',
  'a: 1\rb: 2',
  '\ufeffa: 1\n',
  '  a: 1\n  b: 2\n',
  'a:\n- b\n- c: 1\n  d: 2\n',
  'a:\n- - b\n  - c\n-\n',
  'a:\n- - b\n  - c\n- \n',
  'a: more\n  lines\n\n  here\n',
  'a: "x\n  y\\\n  z"',
  "a: 'it''s'",
  'a: |\n  x\n   y\n\n',
  'a: >+\n  x\n  y\n\n',
  'a: |2-\n   x\n',
  'a:\n|\n x\n',
  'a: [b: c, ? d : e]',
  'a: {b:1, "c":2, d}',
  'a: [x :y, z:]',
  'a: [b?c]',
  'a: [b,,c]',
  'a: {b, c,}',
  'a: [\n\tb\n]',
  '\ta: 1',
  'a: 1\n\t\nb: 2',
  '-\ta',
  '? a\n: b',
  '? a\nb',
  '? [a]\n: b',
  ': b',
  'a: b: c',
  'a: - b',
  'a: "b" c',
  'a: "\\/"',
  'a: "\\x41\\u00e9\\U0001F600"',
  'a: "\\ud800"',
  'a: @b',
  'a: %b',
  'a: !foo bar',
  'a: !!str 5',
  'a: !!int "0x1F"',
  'a: !!int x',
  'a: !!binary aGVsbG8=',
  'a: !!binary "?"',
  'a: !e!x y',
  '%TAG !e! tag:yaml.org,2002:\n---\na: !e!int "5"',
  '%YAML 1.1\n---\na: 1',
  '%YAML 1.2\n---\na: 1',
  'a: 1\n...\n',
  'a: 1\n...\nb: 2',
  'a: &x {b: 1}\nc: *x\n',
  'a: &x [*x]',
  'a: *x',
  'a: &x 1\nb: &x 2\nc: *x',
  'b: &x {y: 1}\nm:\n  <<: *x\n  z: 2\n',
  '<<: 5',
  '"<<": {a: 1}',
  'a: 1\na: 2',
  '1: a',
  'true: a',
  '~: a',
  '- a',
  'text',
  'a: 0x1F\nb: 0o17\nc: 017\nd: 0b11\ne: 1_000\nf: 08\n',
  'a: 1e3\nb: .5\nc: -0.0\nd: 1e400\ne: 1_0.5\n',
  'a: 9223372036854775807',
  'a: 9223372036854775808',
  'a: 18446744073709551616',
  'a: 2001-12-14\nb: 2001-1-2 3:4:5.6\nc: 2001-12-14t1:2:3+05:60\nd: 2001-2-29\n',
  'a: yes\nb: ~\nc: 1:30\nd: True\n',
  'a:\nb:\n',
  '"": 1',
  '__proto__: 1\n"10": 2\n',
  'a: \u2028b',
  'a: "\u0001"',
  `${'k'.repeat(1025)}: 1`,
  'a: |0\n x',
  'a: "x',
];

/** As sops writes the value as JSON. */
function plain(node: Value): unknown {
  if (node.kind === 'leaf') return jsonScalar(node.scalar);
  if (node.kind === 'map') return Object.fromEntries(entries(node));
  return node.elements.flatMap((element) => (element.kind === 'comment' ? [] : [plain(element)]));
}

function entries(map: MapNode): [string, unknown][] {
  return map.items.flatMap((item) =>
    item.kind === 'entry' ? [[item.key, plain(item.value)]] : [],
  );
}

function jsonScalar(scalar: Scalar): unknown {
  if (scalar.type === 'null') return null;
  if (scalar.type === 'int') return Number(scalar.value);
  return scalar.value instanceof Uint8Array ? Buffer.from(scalar.value).toString() : scalar.value;
}

function ours(text: string): { exit: number; value: unknown } {
  try {
    const branch = readYaml(text).branches[0];
    return { exit: 0, value: branch === undefined ? undefined : plain(branch) };
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return { exit: EXIT[error.code] ?? -1, value: undefined };
  }
}

describe.skipIf(!peer('sops'))('sops', () => {
  const home = mkdtempSync(join(tmpdir(), 'tidelock-yaml-'));
  const env = { ...cleanEnv(home), SOPS_AGE_KEY_FILE: vector('age-key1.txt') };
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  function theirs(text: string): { exit: number; value: unknown } {
    const file = join(home, 'in.yaml');
    writeFileSync(file, text);
    const options = { cwd: home, env };
    const sealed = run('sops', ['encrypt', '--age', RECIPIENT, file], options);
    if (sealed.status !== 0) return { exit: sealed.status, value: undefined };
    writeFileSync(file, sealed.bytes);
    const opened = run('sops', ['decrypt', '--output-type', 'json', file], options);
    expect(opened.stderr).toBe('');
    return { exit: 0, value: JSON.parse(opened.stdout) };
  }

  it.each(DOCUMENTS)('accepts or refuses %j as we do, with the same values', (text) => {
    const expected = theirs(text);
    const read = ours(text);
    expect(read.exit).toBe(expected.exit);
    expect(JSON.stringify(read.value)).toBe(JSON.stringify(expected.value));
  });
});
