import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { peer, vector } from '../support/program.ts';
import { RECIPIENT_1, RECIPIENT_2 } from '../support/recipients.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const hasSops = peer('sops');

const FORMATS = [
  { format: 'yaml', file: 'f.yaml', text: '# top\na: one\nb:\n  - x # behind\n  - 2\nc: 1.5\n' },
  { format: 'json', file: 'f.json', text: '{\n  "a": "one",\n  "b": ["x", 2],\n  "c": 1.5\n}\n' },
  { format: 'dotenv', file: 'f.env', text: '# top\na=one\nb=two words\nc=\n' },
  { format: 'ini', file: 'f.ini', text: '[a]\n; note\nb = two\nc = 3\n[d]\ne = f\n' },
  { format: 'binary', file: 'f.bin', text: 'one\0two\n' },
] as const;

type Case = (typeof FORMATS)[number];

/** The path of a value that `set` changes in each format, and one that `unset` removes. */
const PLACES = {
  yaml: { set: '["b"][0]', unset: '["c"]' },
  json: { set: '["b"][0]', unset: '["c"]' },
  dotenv: { set: '["b"]', unset: '["a"]' },
  ini: { set: '["a"]["b"]', unset: '["d"]["e"]' },
  binary: { set: '["data"]', unset: null },
} as const;

interface Program {
  readonly name: string;
  run(workspace: Workspace, args: readonly string[], env?: Record<string, string>): string;
}

const ours: Program = {
  name: 'tidelock',
  run(workspace, args, env = {}) {
    const outcome = workspace.tidelock(args, { env });
    expect({ args, status: outcome.status, stderr: outcome.stderr }).toMatchObject({ status: 0 });
    return outcome.stdout;
  },
};

const theirs: Program = {
  name: 'sops',
  run(workspace, args, env = {}) {
    const outcome = workspace.run('sops', args, { env });
    expect({ args, status: outcome.status, stderr: outcome.stderr }).toMatchObject({ status: 0 });
    return outcome.stdout;
  },
};

const typed = ({ format }: Case): string[] => ['--input-type', format, '--output-type', format];

/** Both programs open the file, and print the same in sops' own layout. */
function opensAlike(workspace: Workspace, one: Case): string {
  const flags = one.format === 'binary' ? ['--input-type', 'json', '--output-type', 'binary'] : [];
  const bySops = theirs.run(workspace, ['decrypt', ...flags, one.file]);
  const byUs = ours.run(workspace, ['decrypt', '--canonical', ...flags, one.file]);
  expect(byUs).toBe(bySops);
  return bySops;
}

/** Each of the operations a file goes through in its life, done by `program`; judged after each. */
function live(program: Program, one: Case): void {
  const workspace = makeWorkspace();
  const { file } = one;
  const both = `${RECIPIENT_1},${RECIPIENT_2}`;
  const check = (): string => opensAlike(workspace, one);
  workspace.write(file, one.text);
  program.run(workspace, ['encrypt', '-i', '--age', RECIPIENT_1, ...typed(one), file]);
  expect(workspace.read(file)).toContain('ENC[AES256_GCM');
  const first = check();

  const place = PLACES[one.format];
  if (place.unset !== null) {
    program.run(workspace, ['set', file, place.set, '"changed value"']);
    expect(check()).toContain('changed value');
    program.run(workspace, ['unset', file, place.unset]);
    expect(check()).not.toBe(first);
  }

  const stored = one.format === 'binary' ? ['--input-type', 'json', '--output-type', 'json'] : [];
  const before = check();
  program.run(workspace, ['rotate', '-i', '--add-age', RECIPIENT_2, ...stored, file]);
  expect(check()).toBe(before);
  const byTheOther = workspace.tidelock(['decrypt', file], {
    env: { SOPS_AGE_KEY_FILE: vector('age-key2.txt') },
  });
  expect(byTheOther.status).toBe(0);

  workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
  program.run(workspace, ['updatekeys', '-y', file]);
  expect(check()).toBe(before);
  expect(workspace.read(file)).not.toContain(RECIPIENT_2);
  workspace.write('.sops.yaml', `creation_rules:\n  - age: ${both}\n`);
  program.run(workspace, ['updatekeys', '-y', file]);
  expect(workspace.read(file)).toContain(RECIPIENT_2);
  check();

  program.run(workspace, ['groups', 'add', '--file', file, '-i', '--age', RECIPIENT_2]);
  const keys = `${readFileSync(vector('age-key1.txt'), 'utf8')}${readFileSync(vector('age-key2.txt'), 'utf8')}`;
  workspace.write('keys.txt', keys);
  workspace.env.SOPS_AGE_KEY_FILE = workspace.path('keys.txt');
  expect(check()).toBe(before);
  program.run(workspace, [
    'groups',
    'delete',
    '--file',
    file,
    '-i',
    '--shamir-secret-sharing-threshold',
    '1',
    '1',
  ]);
  expect(check()).toBe(before);

  const editor = workspace.write(
    'edit.sh',
    '#!/bin/sh\nsed s/changed/edited/ "$1" > "$1.n"\ncat "$1.n" > "$1"\nrm "$1.n"\n',
  );
  workspace.run('chmod', ['+x', editor]);
  if (one.format !== 'binary') {
    program.run(workspace, [file], { EDITOR: editor });
    expect(check()).toContain('edited value');
  }
}

describe.skipIf(!hasSops).each(FORMATS)('$format', (one) => {
  it('is opened by sops after every operation of ours', () => live(ours, one));
  it('is opened by us after every operation of sops', () => live(theirs, one));

  it('is opened by sops after encrypt --against, of their file and of ours', () => {
    for (const program of [ours, theirs]) {
      const workspace = makeWorkspace();
      const { file } = one;
      const old = `old-${file}`;
      workspace.write('plain', one.text);
      const named = ['--filename-override', file, ...typed(one)];
      const text = program.run(workspace, ['encrypt', '--age', RECIPIENT_1, ...named, 'plain']);
      workspace.write(old, text);
      workspace.write('plain', one.text.replace('two', 'three').replace('one', 'four'));
      const again = ['encrypt', '--against', old, '--age', RECIPIENT_1, ...named];
      workspace.write(file, ours.run(workspace, [...again, 'plain']));
      expect(opensAlike(workspace, one)).toMatch(/three|four/);
    }
  });

  it('makes no diff with encrypt --against when nothing changed', () => {
    const workspace = makeWorkspace();
    const { file } = one;
    workspace.write('plain', one.text);
    const named = ['--age', RECIPIENT_1, '--filename-override', file, ...typed(one)];
    const text = ours.run(workspace, ['encrypt', ...named, 'plain']);
    workspace.write(file, text);
    const again = ours.run(workspace, ['encrypt', '--against', file, ...named, 'plain']);
    expect(again).toBe(text);
  });
});
