import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vector } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

interface BadInput {
  readonly what: string;
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  run(workspace: Workspace): ReturnType<Workspace['tidelock']>;
}

const AGE = ['--age', RECIPIENT_1];
const encrypt = (
  workspace: Workspace,
  name: string,
  text: string | Uint8Array,
  flags: string[] = [],
) => {
  workspace.write(name, text);
  return workspace.tidelock(['encrypt', '-i', ...AGE, ...flags, name]);
};

const CASES: readonly BadInput[] = [
  {
    what: 'no key that opens the file',
    exit: 128,
    code: '',
    says: /Failed to get the data key/,
    run: (w) => (w.copyVector('ssh.enc.yaml', 'f.yaml'), w.tidelock(['decrypt', '-i', 'f.yaml'])),
  },
  {
    what: 'a truncated encrypted file',
    exit: 1,
    code: 'ERR_',
    says: /f\.json/,
    run: (w) => (
      w.write(
        'f.json',
        w.bytes(w.copyVector('simple.enc.json').slice(w.folder.length + 1)).subarray(0, 700),
      ),
      w.tidelock(['decrypt', '-i', 'f.json'])
    ),
  },
  {
    what: 'a plain file',
    exit: 1,
    code: 'ERR_NOT_ENCRYPTED',
    says: /metadata not found/,
    run: (w) => (w.write('f.yaml', 'a: 1\n'), w.tidelock(['decrypt', '-i', 'f.yaml'])),
  },
  {
    what: 'an editor that leaves nothing',
    exit: 92,
    code: 'ERR_EMPTY_DOCUMENT',
    says: /e\.yaml: the file holds no document/,
    run: (w) => {
      w.write('empty.sh', '#!/bin/sh\n: > "$1"\n');
      chmodSync(w.path('empty.sh'), 0o700);
      w.copyVector('multi.enc.yaml', 'e.yaml');
      return w.tidelock(['edit', 'e.yaml'], { env: { SOPS_EDITOR: w.path('empty.sh') } });
    },
  },
  {
    what: 'a null that dotenv cannot hold',
    exit: 4,
    code: 'ERR_EMIT',
    says: /f\.yaml: as dotenv the document would not open again .*\["b"\]/,
    run: (w) => (
      w.write('f.yaml', 'a: 1\nb: null\n'),
      w.tidelock(['encrypt', ...AGE, '--output-type', 'dotenv', '--output', 'out', 'f.yaml'])
    ),
  },
  {
    what: 'two documents as JSON',
    exit: 4,
    code: 'ERR_EMIT',
    says: /f\.yaml: .*one document/,
    run: (w) => (
      w.write('f.yaml', 'a: 1\n---\nb: 2\n'),
      w.tidelock(['encrypt', ...AGE, '--output-type', 'json', '--output', 'out', 'f.yaml'])
    ),
  },
  {
    what: 'two selection rules',
    exit: 8,
    code: 'ERR_SELECTION_CONFLICT',
    says: /encrypted.regex/,
    run: (w) =>
      encrypt(w, 'f.yaml', 'a: 1\n', ['--encrypted-regex', 'a', '--unencrypted-suffix', '_u']),
  },
  {
    what: 'a selection that is no expression',
    exit: 1,
    code: 'ERR_REGEX',
    says: /\(/,
    run: (w) => encrypt(w, 'f.yaml', 'a: 1\n', ['--encrypted-regex', '(']),
  },
  {
    what: 'keys that are not strings',
    exit: 23,
    code: 'ERR_NON_STRING_KEY',
    says: /f\.yaml:1:1/,
    run: (w) => encrypt(w, 'f.yaml', '1: a\n'),
  },
  {
    what: 'an integer beyond 63 bits',
    exit: 23,
    code: 'ERR_NUMBER_RANGE',
    says: /f\.yaml/,
    run: (w) => encrypt(w, 'f.yaml', 'a: 9223372036854775808\n'),
  },
  {
    what: 'a number beyond float64',
    exit: 2,
    code: 'ERR_NUMBER_RANGE',
    says: /f\.json/,
    run: (w) => encrypt(w, 'f.json', '{"a": 1e999}'),
  },
  {
    what: 'text that is not UTF-8',
    exit: 2,
    code: 'ERR_NOT_UTF8',
    says: /binary/,
    run: (w) => encrypt(w, 'f.yaml', Buffer.from('a: \xff\xfe\n', 'latin1')),
  },
  {
    what: 'an empty YAML file',
    exit: 92,
    code: 'ERR_EMPTY_DOCUMENT',
    says: /f\.yaml/,
    run: (w) => encrypt(w, 'f.yaml', ''),
  },
  {
    what: 'a list at the root',
    exit: 2,
    code: 'ERR_PARSE',
    says: /f\.yaml/,
    run: (w) => encrypt(w, 'f.yaml', '- a\n'),
  },
  {
    what: 'broken YAML',
    exit: 2,
    code: 'ERR_PARSE',
    says: /f\.yaml:2:/,
    run: (w) => encrypt(w, 'f.yaml', 'a: 1\n b: [\n'),
  },
  {
    what: 'truncated JSON',
    exit: 2,
    code: 'ERR_PARSE',
    says: /f\.json/,
    run: (w) => encrypt(w, 'f.json', '{"a": '),
  },
  {
    what: 'a dotenv line without =',
    exit: 2,
    code: 'ERR_PARSE',
    says: /f\.env:2/,
    run: (w) => encrypt(w, 'f.env', 'A=1\nnothing\n'),
  },
  {
    what: 'a folder instead of a file',
    exit: 2,
    code: 'ERR_READ',
    says: /folder/,
    run: (w) => (mkdirSync(w.path('f.yaml')), w.tidelock(['encrypt', '-i', ...AGE, 'f.yaml'])),
  },
  {
    what: 'a file that does not exist',
    exit: 100,
    code: 'ERR_NO_FILE',
    says: /f\.yaml/,
    run: (w) => w.tidelock(['decrypt', 'f.yaml']),
  },
  {
    what: 'no file',
    exit: 100,
    code: 'ERR_NO_FILE',
    says: /file/i,
    run: (w) => w.tidelock(['rotate']),
  },
  {
    what: 'no keys and no .sops.yaml',
    exit: 1,
    code: 'ERR_CONFIG_NOT_FOUND',
    says: /\.sops\.yaml/,
    run: (w) => (w.write('f.yaml', 'a: 1\n'), w.tidelock(['encrypt', '-i', 'f.yaml'])),
  },
  {
    what: 'no creation rule that matches',
    exit: 1,
    code: 'ERR_NO_CREATION_RULE',
    says: /no matching creation rules found/,
    run: (w) => (
      w.write('.sops.yaml', `creation_rules:\n  - path_regex: prod/\n    age: ${RECIPIENT_1}\n`),
      w.write('f.yaml', 'a: 1\n'),
      w.tidelock(['encrypt', '-i', 'f.yaml'])
    ),
  },
  {
    what: 'a misspelt key in .sops.yaml',
    exit: 1,
    code: 'ERR_CONFIG',
    says: /\.sops\.yaml:2:5.*encrypted_regexp[\s\S]*encrypted_regex/,
    run: (w) => (
      w.write(
        '.sops.yaml',
        `creation_rules:\n  - encrypted_regexp: ^data$\n    age: ${RECIPIENT_1}\n`,
      ),
      w.write('f.yaml', 'a: 1\n'),
      w.tidelock(['encrypt', '-i', 'f.yaml'])
    ),
  },
  {
    what: 'an unknown kind of recipient',
    exit: 1,
    code: 'ERR_KEY_SPEC',
    says: /not an age key/,
    run: (w) => (
      w.write('f.yaml', 'a: 1\n'), w.tidelock(['encrypt', '-i', '--age', 'bogus', 'f.yaml'])
    ),
  },
  {
    what: 'an encrypted file again',
    exit: 203,
    code: 'ERR_ALREADY_ENCRYPTED',
    says: /already/,
    run: (w) => (
      w.copyVector('simple.enc.json', 'f.json'), w.tidelock(['encrypt', '-i', ...AGE, 'f.json'])
    ),
  },
  {
    what: '--in-place with --output',
    exit: 8,
    code: 'ERR_CONFLICTING_FLAGS',
    says: /--output/,
    run: (w) => (
      w.write('f.yaml', 'a: 1\n'),
      w.tidelock(['encrypt', '-i', '--output', 'g.yaml', ...AGE, 'f.yaml'])
    ),
  },
  {
    what: 'a malformed tree path for --extract',
    exit: 91,
    code: 'ERR_TREE_PATH',
    says: /\["/,
    run: (w) => (
      w.copyVector('simple.enc.json', 'f.json'), w.tidelock(['decrypt', '--extract', 'x', 'f.json'])
    ),
  },
  {
    what: 'a malformed tree path for set',
    exit: 7,
    code: 'ERR_TREE_PATH',
    says: /\["/,
    run: (w) => (
      w.copyVector('simple.enc.json', 'f.json'), w.tidelock(['set', 'f.json', 'x', '1'])
    ),
  },
  {
    what: 'a value for set that is no JSON',
    exit: 7,
    code: 'ERR_SET_VALUE',
    says: /JSON/,
    run: (w) => (
      w.copyVector('simple.enc.json', 'f.json'), w.tidelock(['set', 'f.json', '["n"]', 'x'])
    ),
  },
  {
    what: 'unset of what is not there',
    exit: 1,
    code: 'ERR_PATH_NOT_FOUND',
    says: /nowhere/,
    run: (w) => (
      w.copyVector('simple.enc.json', 'f.json'), w.tidelock(['unset', 'f.json', '["nowhere"]'])
    ),
  },
  {
    what: 'a decryption order that names a kind twice',
    exit: 112,
    code: 'ERR_DECRYPTION_ORDER',
    says: /age/,
    run: (w) => (
      w.copyVector('simple.enc.json', 'f.json'),
      w.tidelock(['decrypt', '--decryption-order', 'age,age', 'f.json'])
    ),
  },
  {
    what: 'a list in exec-env',
    exit: 1,
    code: 'ERR_COMPLEX_VALUE',
    says: /key/,
    run: (w) => (
      w.copyVector('simple.enc.json', 'f.json'), w.tidelock(['exec-env', 'f.json', 'true'])
    ),
  },
  {
    what: 'flattened metadata with a huge index',
    exit: 1,
    code: 'ERR_METADATA',
    says: /f\.env/,
    run: (w) => (
      w.write('f.env', 'A=1\nsops_age__list_999999999__map_enc=x\nsops_version=3.13.3\n'),
      w.tidelock(['decrypt', 'f.env'])
    ),
  },
  {
    what: 'an alias bomb',
    exit: 2,
    code: 'ERR_TOO_LARGE',
    says: /alias/,
    run: (w) =>
      encrypt(
        w,
        'f.yaml',
        `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`).join('\n')}\n`,
      ),
  },
  {
    what: 'nesting without end',
    exit: 2,
    code: 'ERR_TOO_DEEP',
    says: /f\.yaml/,
    run: (w) => encrypt(w, 'f.yaml', `a: ${'['.repeat(100_000)}\n`),
  },
];

describe('bad input', () => {
  it.each(CASES)('$what: exit $exit, nothing written', ({ run, exit, code, says }) => {
    const workspace = makeWorkspace();
    const outcome = run(workspace);
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr).toContain(code);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
    expect(outcome.status).toBe(exit);
    expect(outcome.stdout).toBe('');
    expect(readdirSync(workspace.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(readdirSync(workspace.env.TMPDIR ?? '')).toEqual([]);
  });

  it('leaves the file as it was when it cannot be encrypted', () => {
    const workspace = makeWorkspace();
    workspace.write('f.yaml', '1: a\n');
    workspace.tidelock(['encrypt', '-i', ...AGE, 'f.yaml']);
    expect(workspace.read('f.yaml')).toBe('1: a\n');
  });

  it.skipIf(process.getuid?.() === 0)('says why a file in a read-only folder stays', () => {
    const workspace = makeWorkspace();
    workspace.write('d/f.yaml', 'a: 1\n');
    chmodSync(workspace.path('d'), 0o500);
    const outcome = workspace.tidelock(['encrypt', '-i', ...AGE, 'd/f.yaml']);
    chmodSync(workspace.path('d'), 0o700);
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toContain('ERR_READ_ONLY');
    expect(workspace.read('d/f.yaml')).toBe('a: 1\n');
  });
});

it('the vectors are where these tests look for them', () => {
  expect(existsSync(vector('simple.enc.json'))).toBe(true);
});
