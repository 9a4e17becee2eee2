import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { vector } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, RECIPIENT_2, type Workspace } from '../support/workspace.ts';

const CANARY = 'canary7Qx93kLmPz';
const BYTES = Buffer.from(CANARY);

/** The canary as it is, in hex, and in base64 at each of the three places it can start at. */
const SPELLINGS: readonly string[] = [
  CANARY,
  BYTES.toString('hex'),
  ...[0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), BYTES])
      .toString('base64')
      .slice(4, -4),
  ),
];

function shows(text: string): boolean {
  return SPELLINGS.some((spelling) => text.includes(spelling));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const TEXTS: Readonly<Record<string, string>> = {
  'f.yaml': `a: ${CANARY}\nb: [1, "${CANARY}"]\n# ${CANARY}\nc: 1\n`,
  'f.json': `{"a": "${CANARY}", "b": [1, "${CANARY}"], "c": 1}`,
  'f.env': `a=${CANARY}\n# ${CANARY}\nc=1\n`,
  'f.ini': `[a]\nb=${CANARY}\n[c]\nd=1\n`,
  'f.bin': `\0${CANARY}\xff`,
};
const NAMES = Object.keys(TEXTS);

/** Runs a command that may fail, and looks for the canary in all that it leaves and says. */
function quiet(
  w: Workspace,
  args: readonly string[],
  more: Parameters<Workspace['tidelock']>[1] = {},
) {
  const outcome = w.tidelock(args, more);
  const where = args.join(' ').slice(0, 100).replaceAll(CANARY, '<canary>');
  expect(shows(outcome.stderr), `stderr of ${where}`).toBe(false);
  expect(shows(outcome.stdout), `stdout of ${where}`).toBe(false);
  expect(outcome.stderr, where).not.toMatch(/^\s+at .*\(.*:\d+:\d+\)/m);
  expect(filesIn(w.env.TMPDIR ?? ''), `temporary files of ${where}`).toEqual([]);
  return outcome;
}

function encrypted(name: string): Workspace {
  const w = makeWorkspace();
  w.write(name, Buffer.from(TEXTS[name] ?? '', 'latin1'));
  expect(quiet(w, ['encrypt', '-i', '--age', RECIPIENT_1, name]).status).toBe(0);
  expect(shows(w.read(name))).toBe(false);
  return w;
}

it.each(NAMES)('no command shows a value of %s that was not asked for', (name) => {
  const w = encrypted(name);
  const path = { 'f.ini': '["c"]["d"]' }[name] ?? '["c"]';
  if (name !== 'f.bin') {
    expect(quiet(w, ['set', name, path, JSON.stringify(CANARY)]).status).toBe(0);
    expect(quiet(w, ['set', '--value-stdin', name, path], { input: `"${CANARY}"` }).status).toBe(0);
    expect(quiet(w, ['unset', name, path]).status).toBe(0);
  }
  w.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1},${RECIPIENT_2}\n`);
  for (const args of [
    ['filestatus', name],
    ['inspect', '--json', name],
    ['explain', name],
    ['updatekeys', '--check', name],
    ['updatekeys', '-y', name],
    ['rotate', '-i', name],
    ['groups', 'add', '--file', name, '-i', '--age', RECIPIENT_1],
    ['scan', name],
    ['check'],
    ['exec-file', name, 'true {}'],
    ['exec-file', '--no-fifo', name, 'exit 3'],
    ['edit', name],
  ]) {
    quiet(w, args, { env: { EDITOR: 'true' } });
  }
  expect(filesIn(w.folder).filter((file) => shows(readFileSync(file, 'latin1')))).toEqual([]);
});

it.each(NAMES)('no error about %s shows its values', (name) => {
  const w = encrypted(name);
  const whole = w.read(name);
  const other = { env: { SOPS_AGE_KEY_FILE: vector('age-key2.txt') } };
  quiet(w, ['decrypt', name], other);
  quiet(w, ['edit', name], { env: { EDITOR: 'false' } });
  quiet(w, ['decrypt', '--output', 'no/such/folder/x', name]);
  quiet(w, ['decrypt', '--extract', '["nothing"]', name]);
  const broken = [
    whole.replace(/,tag:./, ',tag:!'),
    whole.replace(/ENC\[[^\]]*\]/, ''),
    whole.replace(/lastmodified(\W+)2/, 'lastmodified$13'),
    whole.slice(0, whole.length / 2),
  ];
  for (const text of broken) {
    w.write(name, text);
    for (const args of [
      ['decrypt', name],
      ['rotate', '-i', name],
      ['edit', name],
      ['exec-env', name, 'true'],
    ]) {
      const outcome = w.tidelock(args, { env: { EDITOR: 'true' } });
      if (outcome.status !== 0) expect(shows(outcome.stdout + outcome.stderr)).toBe(false);
    }
    expect(filesIn(w.env.TMPDIR ?? '')).toEqual([]);
  }
});

it('no parse error quotes the file, nor what set was given', () => {
  const w = makeWorkspace();
  const bad: readonly (readonly [string, string])[] = [
    ['x.yaml', `a: 1\n b: "${CANARY}\n`],
    ['x.yaml', `a: ${CANARY}: ${CANARY}\n`],
    ['x.yaml', `a: [${CANARY}\n`],
    ['x.yaml', `${CANARY}\n`],
    ['x.yaml', `a: *${CANARY}\n`],
    ['x.yaml', `a: !!int ${CANARY}\n`],
    ['x.yaml', `a: !!binary ${CANARY}*\n`],
    ['x.json', `{"a": ${CANARY}}`],
    ['x.json', `{"a": "${CANARY}`],
    ['x.json', `"${CANARY}"`],
    ['x.json', `{"a": "${CANARY}\\q"}`],
    ['x.env', `${CANARY}\n`],
    ['x.ini', `[a\n${CANARY}\n`],
    ['x.ini', `${CANARY}\n`],
  ];
  for (const [name, text] of bad) {
    w.write(name, text);
    quiet(w, ['encrypt', '--age', RECIPIENT_1, name]);
    quiet(w, ['decrypt', name]);
    quiet(w, ['encrypt', '-i', '--age', RECIPIENT_1, name]);
  }
  w.copyVector('simple.enc.json', 'f.json');
  for (const value of [CANARY, `{"a": ${CANARY}`, `"${CANARY}`, `["${CANARY}" x]`]) {
    expect(quiet(w, ['set', 'f.json', '["a"]', value]).status).toBe(7);
  }
});

it('gives decrypted files to nobody but the user', () => {
  const w = encrypted('f.yaml');
  expect(w.tidelock(['decrypt', '--output', 'out.yaml', 'f.yaml']).status).toBe(0);
  expect(statSync(w.path('out.yaml')).mode & 0o077).toBe(0);
  const seen = 'stat -c %a {} $(dirname {})';
  const outcome = w.tidelock(['exec-file', '--no-fifo', 'f.yaml', seen]);
  expect(outcome.stdout).toMatch(/^[46]00\n700\n$/);
  const editor = w.write('editor.sh', '#!/bin/sh\nstat -c %a "$1" "$(dirname "$1")" > seen\n');
  w.run('chmod', ['+x', editor]);
  w.tidelock(['edit', 'f.yaml'], { env: { EDITOR: editor } });
  expect(w.read('seen')).toBe('600\n700\n');
});

it('no other command shows a value either', () => {
  const w = encrypted('f.env');
  w.write('g.env', `a=${CANARY}\nc=2\n`);
  w.copyVector('age-key2.txt', 'other.txt');
  const commands: readonly (readonly string[])[] = [
    ['exec-env', 'f.env', 'true'],
    ['exec-env', 'f.env', 'exit 3'],
    ['encrypt', '--age', RECIPIENT_1, '--against', 'f.env', 'g.env'],
    ['-e', '--age', RECIPIENT_1, 'g.env'],
    ['-d', 'missing.env'],
    ['-r', '-i', 'f.env'],
    ['--set', '["a"] not json', 'f.env'],
    ['unset', 'f.env', '["nowhere"]'],
    ['unset', 'f.env', CANARY.slice(0, 4)],
    ['completion', 'bash'],
    ['keygen', '--output', 'key.txt'],
    ['init', '--local', '--yes'],
  ];
  for (const args of commands) quiet(w, args);
});
