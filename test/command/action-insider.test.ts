import { describe, expect } from 'vitest';
import { checkBoth as check, check as checkByAction } from '../support/attack.ts';
import {
  BOTH,
  type ChangeRepository,
  PLAIN,
  RULES,
  SECRET,
  VALUE,
} from '../support/change-repository.ts';
import { RECIPIENT_1, RECIPIENT_2, RECIPIENT_3 } from '../support/recipients.ts';

/** Somebody who may push branches, knows how the check works, and wants to read on. */

const STRANGER = RECIPIENT_3;

/** One more wrapped key on top of the list, under a name of one's choice. */
function withReader(text: string, recipient: string, from: string): string {
  const entry = /^ {8}- enc: \|\n(?: {12}.*\n)+ {10}recipient: .*\n/m.exec(from)?.[0] ?? '';
  const own = entry.replace(/recipient: .*/, `recipient: ${recipient}`);
  expect(own).not.toBe('');
  return text.replace(/^( {4}age:\n)/m, `$1${own}`);
}

describe('a reader who is there for one commit', () => {
  check({
    name: 'and is taken back with the file: the data key is the old one',
    change(repository) {
      const { commit, read, write } = repository;
      const before = read('prod/a.yaml');
      write('prod/a.yaml', withReader(before, STRANGER, read('prod/b.yaml')));
      commit();
      write('prod/a.yaml', before);
    },
    found: ['error policy/data-key-kept prod/a.yaml'],
  });
  check({
    name: 'of a copy with a data key of its own',
    async change({ commit, read, seal, write }) {
      const before = read('prod/a.yaml');
      await seal('prod/a.yaml', `${BOTH},${STRANGER}`);
      commit();
      write('prod/a.yaml', before);
    },
    found: [
      'error policy/recipient-extra prod/a.yaml',
      'warning policy/data-key-unknown prod/a.yaml',
    ],
    also({ findings }) {
      const leaked = findings.find(({ ruleId }) => ruleId === 'policy/recipient-extra');
      expect(leaked?.message).toContain('what was in it has leaked');
      expect(leaked?.commit).toMatch(/^[0-9a-f]{40}$/);
    },
  });
  check({
    name: 'is no news where the base has that reader',
    setUp: async ({ seal }) => void (await seal('team/t.yaml', BOTH)),
    change({ commit, read, tidelock, write }) {
      tidelock('set', 'team/t.yaml', '["user"]', '"other"');
      commit();
      const entry = new RegExp(
        `^ {8}- enc: \\|\\n(?: {12}.*\\n)+ {10}recipient: ${RECIPIENT_2}\\n`,
        'm',
      );
      write('team/t.yaml', read('team/t.yaml').replace(entry, ''));
      tidelock('rotate', '-i', 'team/t.yaml');
    },
    found: [],
  });
});

describe('a second wrapped key under a name that is there already', () => {
  check({
    name: "may be anybody's",
    change: ({ read, write }) =>
      write('prod/a.yaml', withReader(read('prod/a.yaml'), RECIPIENT_1, read('prod/b.yaml'))),
    found: ['error policy/hidden-recipient prod/a.yaml'],
  });
  check({
    name: 'is what a rule asks for that names a key twice',
    setUp: ({ write }) =>
      write('.sops.yaml', RULES.replace(`age: ${BOTH}`, `age: ${BOTH},${RECIPIENT_1}`)),
    change: ({ read, write }) =>
      write('prod/a.yaml', withReader(read('prod/a.yaml'), RECIPIENT_1, read('prod/b.yaml'))),
    found: [],
  });
});

describe('encryption taken away under a rule for everything', () => {
  const everything = ({ write }: ChangeRepository) =>
    write('.sops.yaml', `creation_rules:\n  - age: ${BOTH}\n`);
  const found = ['error policy/not-encrypted prod/a.yaml'];
  check({
    name: 'with the word sops left in a comment',
    setUp: everything,
    change: ({ write }) => write('prod/a.yaml', '# by sops\nuser: app\ngreeting: hello\n'),
    found,
  });
  check({
    name: 'with a stub of metadata',
    setUp: everything,
    change: ({ write }) => write('prod/a.yaml', 'user: app\nsops:\n    version: 3.9.0\n'),
    found,
  });
});

describe('files', () => {
  check({
    name: 'a link in the place of their folder',
    change({ link, remove, write }) {
      remove('prod');
      write('other/a.yaml', PLAIN);
      link('prod', 'other');
    },
    found: ['error policy/not-encrypted prod'],
  });
  check({
    name: 'moved to a folder with the rule, which stays the same',
    change({ git, write }) {
      git('mv', 'prod', 'live');
      write('.sops.yaml', RULES.replace('^prod/', '^live/'));
    },
    found: [
      'warning policy/changed .sops.yaml',
      'warning policy/uncovered live/a.yaml',
      'warning policy/uncovered live/b.yaml',
    ],
  });
  check({
    name: 'moved with the rule, and a reader added to one on the way',
    async change({ git, read, write }) {
      git('mv', 'prod', 'live');
      write('live/a.yaml', withReader(read('live/a.yaml'), STRANGER, read('live/b.yaml')));
      write('.sops.yaml', RULES.replace('^prod/', '^live/'));
    },
    found: [
      'warning policy/changed .sops.yaml',
      'error policy/uncovered live/a.yaml',
      'warning policy/shared-data-key live/b.yaml',
      'warning policy/uncovered live/b.yaml',
    ],
  });
  check({
    name: 'moved with a rule that asks for others',
    change({ git, write }) {
      git('mv', 'prod', 'live');
      write('.sops.yaml', RULES.replace('^prod/', '^live/').replace(BOTH, `${BOTH},${STRANGER}`));
    },
    found: [
      'warning policy/changed .sops.yaml',
      'error policy/uncovered live/a.yaml',
      'error policy/uncovered live/b.yaml',
    ],
  });
  check({
    name: 'moved under the rule of another team',
    change: ({ git }) => void git('mv', 'prod/b.yaml', 'team/b.yaml'),
    found: ['error policy/recipient-extra team/b.yaml'],
  });
  check({
    name: 'a second sops block in a later document',
    change: ({ read, write }) =>
      write(
        'prod/a.yaml',
        `${read('prod/a.yaml')}---\n${read('prod/b.yaml').replace(RECIPIENT_2, STRANGER)}`,
      ),
    found: ['error broken/metadata prod/a.yaml'],
  });
  check({
    name: 'master keys of a kind that nobody knows',
    change: ({ read, write }) =>
      write(
        'prod/a.yaml',
        read('prod/a.yaml').replace(
          'sops:\n',
          'sops:\n    acme_kms:\n        - id: x\n          enc: YWJj\n',
        ),
      ),
    found: ['error broken/metadata prod/a.yaml'],
  });
  check({
    name: 'plaintext in UTF-16 under a rule',
    change: ({ write }) => write('prod/n.yaml', Buffer.from(`\ufeff${SECRET}`, 'utf16le')),
    found: ['error policy/not-encrypted prod/n.yaml', 'error plaintext/sensitive-key prod/n.yaml'],
  });
  check({
    name: 'filters and conversions of .gitattributes',
    change({ git, write }) {
      write('.gitattributes', '*.yaml filter=x diff=x export-ignore -text\n');
      git('config', 'filter.x.clean', 'cat');
      git('config', 'filter.x.smudge', 'touch smudged; cat');
      git('config', 'diff.x.textconv', 'touch converted; cat');
      write('prod/new.yaml', PLAIN);
    },
    found: ['error policy/not-encrypted prod/new.yaml'],
    also: (_, { git }) => expect(git('status', '--porcelain', '--ignored')).toBe(''),
  });
});

describe('creation rules', () => {
  const changed = 'warning policy/changed .sops.yaml';
  const weakened = 'warning policy/weakened .sops.yaml';
  const stranger = `${BOTH},${STRANGER}`;
  const ways: readonly (readonly [string, string, ...string[]])[] = [
    [
      'a reader by anchor and alias',
      `keys:\n  - &x ${STRANGER}\n${RULES.replace(`age: ${BOTH}`, `key_groups:\n      - age: [*x, ${BOTH.replace(',', ', ')}]`)}`,
      changed,
      weakened,
    ],
    [
      'a reader by a merge key',
      `x-all: &all\n  age: ${stranger}\n${RULES.replace(`age: ${BOTH}`, '<<: *all')}`,
      changed,
      weakened,
    ],
    [
      'a key given twice',
      RULES.replace(`age: ${BOTH}`, `age: ${BOTH}\n    age: ${stranger}`),
      changed,
      'error config/invalid .sops.yaml',
    ],
    [
      'rules given twice',
      `${RULES}creation_rules:\n  - age: ${STRANGER}\n`,
      changed,
      'error config/invalid .sops.yaml',
    ],
    [
      'a rule for one file above its own',
      RULES.replace(
        'creation_rules:\n',
        `creation_rules:\n  - path_regex: a\\.yaml$\n    age: ${stranger}\n`,
      ),
      changed,
      weakened,
    ],
    [
      'a rule for everything on top',
      RULES.replace('creation_rules:\n', `creation_rules:\n  - age: ${BOTH}\n`),
      changed,
      weakened,
      'warning config/shadowed-rule .sops.yaml',
      'warning config/shadowed-rule .sops.yaml',
    ],
    [
      'an expression that takes others an hour',
      `${RULES}  - path_regex: ^(([a-z])+.)+[A-Z]([a-z])+$\n    age: ${RECIPIENT_1}\n`,
      changed,
      'warning config/dead-rule .sops.yaml',
    ],
  ];
  for (const [name, text, ...found] of ways)
    check({
      name,
      change({ write }) {
        write('.sops.yaml', text);
        write(`x/${'a'.repeat(200)}.yaml`, 'a: 1\n');
      },
      found,
    });
  check({
    name: 'names that nobody reads as a policy',
    change({ write }) {
      write('.Tidelock.yaml', 'version: 1\n');
      write('.sops.yml', RULES);
      write('apps/.tidelock.yaml', 'version: 1\n');
    },
    found: [
      'warning config/invalid .Tidelock.yaml',
      'warning config/invalid .sops.yml',
      'warning config/invalid apps/.tidelock.yaml',
    ],
  });
});

describe('.tidelock.yaml made milder', () => {
  const HEAD = `version: 1
recipients:
  a: { age: ${RECIPIENT_1}, until: 2100-01-01 }
  b: { age: ${RECIPIENT_2} }
  c: { age: ${STRANGER} }
`;
  const rule = (text: string) => `rules:\n  - { name: p, paths: ["prod/**"], ${text} }\n`;
  const ways: readonly (readonly [string, string, string])[] = [
    ['a limit where there was none', '', 'limits: { file_size: 1KiB }\n'],
    ['any of some', rule('recipients: { any: [a] }'), rule('recipients: { any: [a, c] }')],
    [
      'at least so many of others',
      rule('recipients: { at_least: { 2: [a, b] } }'),
      rule('recipients: { at_least: { 2: [a, b, c] } }'),
    ],
    ['a selection', rule('selection: { encrypted_regex: "^x$" }'), rule('encrypted: false')],
    [
      'a group of those who may not',
      `groups: { bad: [c] }\n${rule('recipients: { none: [bad] }')}`,
      `groups: { bad: [] }\n${rule('recipients: { none: [bad] }')}`,
    ],
    [
      'a group of those who must',
      `groups: { all: [a, b] }\n${rule('recipients: { all: [all] }')}`,
      `groups: { all: [a] }\n${rule('recipients: { all: [all] }')}`,
    ],
  ];
  for (const [name, before, after] of ways)
    checkByAction({
      name,
      setUp: ({ write }) => write('.tidelock.yaml', HEAD + before),
      change: ({ write }) => write('.tidelock.yaml', HEAD + after),
      found: ['warning policy/changed .tidelock.yaml', 'warning policy/weakened .tidelock.yaml'],
    });
  checkByAction({
    name: 'a recipient whose time ends is named no more',
    setUp: ({ write }) => write('.tidelock.yaml', HEAD),
    change: ({ write }) => write('.tidelock.yaml', HEAD.replace(/^ {2}a: .*\n/m, '')),
    found: ['warning policy/changed .tidelock.yaml', 'warning policy/weakened .tidelock.yaml'],
  });
  checkByAction({
    name: 'not by asking for the same in other words',
    setUp: ({ write }) =>
      write('.tidelock.yaml', HEAD + rule('recipients: { any: [a, b], at_least: { 1: [a] } }')),
    change: ({ write }) =>
      write(
        '.tidelock.yaml',
        `${HEAD}groups: { both: [a] }\n${rule('recipients: { all: [both] }')}`,
      ),
    found: ['warning policy/changed .tidelock.yaml'],
  });
});

describe('what the check itself reads', () => {
  check({
    name: 'a file of another scanner in a folder silences nothing',
    change({ write }) {
      write('app/.gitleaks.toml', '[allowlist]\npaths = [".*"]\n');
      write('app/config.yaml', SECRET);
    },
    found: ['error plaintext/sensitive-key app/config.yaml'],
  });
  check({
    name: 'a value appended as a later document',
    change: ({ read, write }) =>
      write('prod/a.yaml', `${read('prod/a.yaml')}---\nextra: ${VALUE}\n`),
    found: ['error broken/plain-value prod/a.yaml'],
  });
});
