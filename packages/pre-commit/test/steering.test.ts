import { createHash, randomBytes } from 'node:crypto';
import { check, formatBaseline, makeBaseline, Source, type Valued } from '@tidelock/guard';
import { HOOK_RULES, parseCommand, runHook } from '@tidelock/pre-commit';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type TemporaryRepository,
  temporaryRepository,
  testEnv,
} from '../../git/test/temporary-repository.ts';

const PATH = 'settings.env';
const password = randomBytes(12).toString('base64url');
const settings = `NAME=example\nDB_PASSWORD=${password}\n`;

let repository: TemporaryRepository;

beforeEach(() => {
  repository = temporaryRepository();
  repository.write('README.md', 'Example\n');
  repository.commit('start');
});

async function hook(...args: string[]) {
  repository.git('add', '-A');
  const command = parseCommand(args, {});
  if (command.run !== 'hook') throw new Error(command.run);
  let output = '';
  const code = await runHook(command.options, {
    cwd: repository.root,
    env: testEnv,
    now: () => new Date('2026-01-01T00:00:00Z'),
    stdin: async () => '',
    stderr: (text) => {
      output += text;
    },
  });
  expect(output).not.toContain(password);
  return { code, output };
}

function baseline(): string {
  const found: Valued[] = [];
  check([new Source(PATH, Buffer.from(settings))], HOOK_RULES, {
    onValue: (finding, value) => found.push({ finding, value }),
  });
  return formatBaseline(makeBaseline(found));
}

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const SILENCERS: readonly (readonly [string, () => string])[] = [
  ['.tidelock-baseline.json', baseline],
  [
    '.tidelock.yaml',
    () =>
      `version: 1\nallow:\n  - { rule: plaintext/sensitive-key, path: ${PATH}, reason: made up }\n`,
  ],
  ['.gitleaks.toml', () => `[[allowlists]]\npaths = ['''^settings\\.env$''']\n`],
  ['.gitleaksignore', () => `${PATH}:generic-api-key:2\n`],
  [
    '.secrets.baseline',
    () =>
      JSON.stringify({
        version: '1.5.0',
        results: { [PATH]: [{ type: 'Secret Keyword', hashed_secret: sha1(password) }] },
      }),
  ],
];

describe.each(SILENCERS)('%s', (name, content) => {
  test('silences what it names once it is committed', async () => {
    repository.write(name, content());
    repository.commit('policy');
    repository.write(PATH, settings);
    const { code, output } = await hook();
    expect(output).toContain('1 file examined, no secret found, 1 allowed by');
    expect(code).toBe(0);
    repository.write(PATH, settings.replace(password, randomBytes(12).toString('base64url')));
    const byValue = name === '.tidelock-baseline.json' || name === '.secrets.baseline';
    expect((await hook()).code).toBe(byValue ? 1 : 0);
  });

  test('silences nothing that comes with it, and the message says how to go on', async () => {
    repository.write(name, content());
    repository.write(PATH, settings);
    const { code, output } = await hook();
    expect(code).toBe(1);
    expect(output).toContain(
      'tidelock: 1 of these would be allowed by a file that the same change brings. Commit that file first, alone.',
    );
  });

  test('silences in the first commit of all, and in each commit of a range by its own tree', async () => {
    const first = temporaryRepository();
    repository = first;
    first.write(name, content());
    first.write(PATH, settings);
    expect((await hook()).code).toBe(0);
    first.commit('all of it');
    first.write('more.env', settings);
    first.commit('more');
    const range = await hook('--from', '0'.repeat(40), '--to', 'HEAD');
    expect(range.code).toBe(1);
    expect(range.output).toContain('more.env');
    expect(range.output).not.toContain(`${PATH} (commit`);
  });

  test('with a mistake stops the commit that brings it, not the one that mends it', async () => {
    repository.write(name, '{ this is [ nothing');
    expect((await hook()).code).toBe(2);
    repository.commit('a mistake');
    repository.write(name, content());
    expect((await hook()).code).toBe(0);
  });
});

test('rules of .gitleaks.toml find more, and go on to while they are taken away', async () => {
  const rule = `[[rules]]\nid = "badge"\nregex = '''BADGE-[0-9]{6}'''\n`;
  repository.write('.gitleaks.toml', rule);
  repository.commit('rules');
  repository.write('notes.txt', `the badge is BADGE-${'12345'}6\n`);
  expect((await hook()).code).toBe(1);
  repository.write('.gitleaks.toml', '');
  expect((await hook()).code).toBe(1);
  repository.git('rm', '-q', '--cached', '.gitleaks.toml');
  expect((await hook()).code).toBe(1);
});

describe('.sops.yaml', () => {
  const rules = 'creation_rules:\n  - path_regex: ^secrets/\n    age: age1x\n';

  beforeEach(() => {
    repository.write('.sops.yaml', rules);
    repository.commit('rules');
  });

  test.each([
    ['changed', () => repository.write('.sops.yaml', rules.replace('secrets', 'others'))],
    ['removed', () => void repository.git('rm', '-q', '.sops.yaml')],
    ['taken over by another', () => repository.write('secrets/.sops.yaml', rules)],
  ])('that is %s together with a plaintext file still covers it', async (_, loosen) => {
    loosen();
    repository.write('secrets/notes.txt', 'plain words\n');
    const { code, output } = await hook();
    expect(output).toContain('secrets/notes.txt');
    expect(output).toContain('as it was before this change (commit the change of the rules first)');
    expect(code).toBe(1);
    repository.git('rm', '-q', '--cached', 'secrets/notes.txt');
    repository.git('commit', '-q', '-m', 'rules alone');
    expect((await hook()).code).toBe(0);
  });

  test('that had a mistake before is mended without a word of it', async () => {
    repository.write('.sops.yaml', 'creation_rules: [nonsense');
    repository.commit('a mistake');
    repository.write('.sops.yaml', rules);
    repository.write('other.txt', 'plain words\n');
    expect((await hook()).code).toBe(0);
  });
});
