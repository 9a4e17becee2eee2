import { Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { type Attack, check, without } from '../support/attack.ts';
import {
  BOTH,
  type ChangeRepository,
  makeChangeRepository,
  PLAIN,
  RULES,
  SECRET,
  VALUE,
  WORKFLOW,
} from '../support/change-repository.ts';
import { type JobResult, told } from '../support/mini-runner.ts';
import { vector } from '../support/program.ts';
import { RECIPIENT_1, RECIPIENT_2, RECIPIENT_3 } from '../support/recipients.ts';

const loosened = RULES.replace(`${BOTH}\n`, `${BOTH},AGE3\n`);
const STRANGER = RECIPIENT_3;

describe('plaintext in the history of a change', () => {
  const leaked = (result: JobResult) => {
    const finding = result.findings.find(({ severity }) => severity === 'error');
    expect(finding?.message).toContain('has leaked');
    expect(finding?.commit).toMatch(/^[0-9a-f]{40}$/);
  };
  check({
    name: 'in a middle commit that the last one encrypts',
    async change(repository) {
      repository.write('prod/new.yaml', PLAIN);
      repository.commit();
      await repository.seal('prod/new.yaml', BOTH);
    },
    found: ['error policy/not-encrypted prod/new.yaml'],
    also: leaked,
  });
  check({
    name: 'added and deleted',
    change(repository) {
      repository.write('app/config.yaml', SECRET);
      repository.commit();
      repository.remove('app/config.yaml');
    },
    found: ['error plaintext/sensitive-key app/config.yaml'],
    also: leaked,
  });
  check({
    name: 'brought by a merge',
    change(repository) {
      repository.git('checkout', '-q', '-b', 'side');
      repository.write('app/config.yaml', SECRET);
      repository.commit();
      repository.remove('app/config.yaml');
      repository.commit();
      repository.git('checkout', '-q', 'change');
      repository.write('docs/readme.md', '# Other\n');
      repository.commit();
      repository.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    },
    found: ['error plaintext/sensitive-key app/config.yaml'],
    also: leaked,
  });
  check({
    name: 'in a merge commit itself',
    change(repository) {
      repository.git('checkout', '-q', '-b', 'side');
      repository.write('docs/side.md', 'side\n');
      repository.commit();
      repository.git('checkout', '-q', 'change');
      repository.write('docs/readme.md', '# Other\n');
      repository.commit();
      repository.git('merge', '-q', '--no-ff', '--no-commit', 'side');
      repository.write('app/config.yaml', SECRET);
      repository.commit('merge');
      repository.remove('app/config.yaml');
    },
    found: ['error plaintext/sensitive-key app/config.yaml'],
    also: leaked,
  });
});

describe('the policy that judges', () => {
  const alone = (result: JobResult) => {
    expect(result.summary.split('\n')[0]).toContain('policy/weakened');
  };
  const BASELINE_SALT = '0'.repeat(32);
  /** Each way to loosen, and a file that only the loosened policy accepts. */
  const ways: readonly {
    readonly name: string;
    readonly path: string;
    readonly setUp?: Attack['setUp'];
    readonly loosen: (repository: ChangeRepository) => void | Promise<void>;
    readonly file: (repository: ChangeRepository) => void | Promise<void>;
    readonly found: readonly string[];
  }[] = [
    {
      name: 'a recipient added to a rule',
      path: '.sops.yaml',
      loosen: ({ write }) => write('.sops.yaml', loosened.replace('AGE3', STRANGER)),
      file: async ({ seal }) => void (await seal('prod/a.yaml', `${BOTH},${STRANGER}`)),
      found: ['error policy/recipient-extra prod/a.yaml'],
    },
    {
      name: 'a rule removed',
      path: '.sops.yaml',
      loosen: ({ write }) => write('.sops.yaml', `${RULES.split('\n').slice(0, 3).join('\n')}\n`),
      file: ({ write }) => write('team/plain.yaml', PLAIN),
      found: ['error policy/not-encrypted team/plain.yaml'],
    },
    {
      name: 'a policy replaced by a link',
      path: '.sops.yaml',
      loosen: ({ link }) => link('.sops.yaml', 'docs/readme.md'),
      file: ({ write }) => write('team/plain.yaml', PLAIN),
      found: ['error policy/not-encrypted team/plain.yaml'],
    },
    {
      name: 'a nearer .sops.yaml',
      path: 'prod/.sops.yaml',
      loosen: ({ write }) =>
        write('prod/.sops.yaml', `creation_rules:\n  - age: ${BOTH},${STRANGER}\n`),
      file: async ({ seal }) => void (await seal('prod/a.yaml', `${BOTH},${STRANGER}`)),
      found: ['error policy/recipient-extra prod/a.yaml'],
    },
    {
      name: 'an allow entry of .tidelock.yaml',
      path: '.tidelock.yaml',
      setUp: ({ write }) => write('.tidelock.yaml', 'version: 1\n'),
      loosen: ({ write }) =>
        write(
          '.tidelock.yaml',
          'version: 1\nallow:\n  - { rule: policy/not-encrypted, path: "**", reason: example }\n',
        ),
      file: ({ write }) => write('prod/plain.yaml', PLAIN),
      found: ['error policy/not-encrypted prod/plain.yaml'],
    },
    {
      name: 'a rule of .tidelock.yaml made milder',
      path: '.tidelock.yaml',
      setUp: ({ write }) =>
        write(
          '.tidelock.yaml',
          'version: 1\nrules:\n  - { name: keys, paths: ["keys/**"], encrypted: true }\n',
        ),
      loosen: ({ write }) =>
        write(
          '.tidelock.yaml',
          'version: 1\nrules:\n  - { name: keys, paths: ["keys/**"], encrypted: true, severity: warning }\n',
        ),
      file: ({ write }) => write('keys/plain.txt', 'plain\n'),
      found: ['error policy/not-encrypted keys/plain.txt'],
    },
    {
      name: 'an entry of the baseline',
      path: '.tidelock-baseline.json',
      loosen: ({ write }) =>
        write(
          '.tidelock-baseline.json',
          JSON.stringify({
            version: 1,
            id: BASELINE_SALT,
            findings: [
              {
                rule: 'policy/not-encrypted',
                path: 'prod/plain.yaml',
                fingerprint: 'f',
                check: '',
              },
            ],
          }),
        ),
      file: ({ write }) => write('prod/plain.yaml', PLAIN),
      found: ['error policy/not-encrypted prod/plain.yaml'],
    },
    {
      name: 'an allowlist of .gitleaks.toml',
      path: '.gitleaks.toml',
      loosen: ({ write }) => write('.gitleaks.toml', '[allowlist]\npaths = [".*"]\n'),
      file: ({ write }) => write('app/config.yaml', SECRET),
      found: ['error plaintext/sensitive-key app/config.yaml'],
    },
    {
      name: 'a line of .gitleaksignore',
      path: '.gitleaksignore',
      loosen: ({ write }) => write('.gitleaksignore', 'app/config.yaml:generic-api-key:1\n'),
      file: ({ write }) => write('app/config.yaml', SECRET),
      found: ['error plaintext/sensitive-key app/config.yaml'],
    },
  ];
  for (const { name, path, setUp = () => undefined, loosen, file, found } of ways) {
    const policy = [`warning policy/changed ${path}`, `warning policy/weakened ${path}`];
    check({ name: `${name}, alone`, setUp, change: loosen, found: policy, also: alone });
    check({
      name: `${name}, with a file that only it accepts`,
      setUp,
      async change(repository) {
        await loosen(repository);
        await file(repository);
      },
      found: [...policy, ...found],
    });
  }
  check({
    name: 'a comment that silences',
    change: ({ write }) => write('app/config.yaml', `${SECRET.trim()} # gitleaks:allow\n`),
    found: [
      'warning policy/suppressed app/config.yaml',
      'error plaintext/sensitive-key app/config.yaml',
    ],
  });
  check({
    name: 'a comment at what the base has already',
    setUp: ({ write }) => write('app/config.yaml', SECRET),
    change: ({ write }) => write('app/config.yaml', `${SECRET.trim()} # gitleaks:allow\n`),
    found: ['warning policy/suppressed app/config.yaml'],
  });
  check({
    name: 'a milder policy is an error where that is asked for',
    change: ({ write }) => write('.sops.yaml', loosened.replace('AGE3', STRANGER)),
    inputs: { 'fail-on': 'weakened' },
    found: ['warning policy/changed .sops.yaml', 'error policy/weakened .sops.yaml'],
  });
  check({
    name: 'a workflow that runs the check changes',
    change: ({ write }) => write('.github/workflows/check.yml', WORKFLOW.replace('check', 'other')),
    found: ['warning policy/weakened .github/workflows/check.yml'],
    also: alone,
  });
  check({
    name: 'a workflow that runs the check is removed',
    change: ({ remove }) => remove('.github/workflows/check.yml'),
    found: ['warning policy/weakened .github/workflows/check.yml'],
  });
  check({
    name: 'policy and files together are to be split',
    async change({ write, seal }) {
      write(
        '.sops.yaml',
        RULES.replace(
          `^team/.*\\.yaml$\n    age: ${RECIPIENT_1}`,
          `^team/.*\\.yaml$\n    age: ${BOTH}`,
        ),
      );
      await seal('team/t.yaml', BOTH);
    },
    found: [
      'warning policy/changed .sops.yaml',
      'warning policy/weakened .sops.yaml',
      'error policy/recipient-extra team/t.yaml',
    ],
    also: ({ findings }) =>
      expect(findings.find(({ ruleId }) => ruleId === 'policy/changed')?.hint).toContain('Split'),
  });
  check({
    name: 'a policy that cannot be read is no way in',
    change: ({ write }) => write('.tidelock.yaml', 'version: 2\n'),
    found: ['error config/invalid .tidelock.yaml', 'warning policy/changed .tidelock.yaml'],
  });
});

/** The file with the wrapped keys made anew by the real library, for whom the test says. */
async function rewrap(
  repository: ChangeRepository,
  path: string,
  recipients: readonly string[],
): Promise<void> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const wrapped = Buffer.from(await encrypter.encrypt(new Uint8Array(32))).toString('base64');
  const body = (wrapped.match(/.{1,64}/g) ?? []).map((line) => `            ${line}\n`).join('');
  const armored = `-----BEGIN AGE ENCRYPTED FILE-----\n${body}            -----END AGE ENCRYPTED FILE-----`;
  const text = repository.read(path);
  repository.write(
    path,
    text.replace(/-----BEGIN AGE[\s\S]*?-----END AGE ENCRYPTED FILE-----/, armored),
  );
}

describe('recipients', () => {
  check({
    name: 'a second reader under a correct label',
    change: (repository) => rewrap(repository, 'team/t.yaml', [RECIPIENT_1, STRANGER]),
    found: ['error policy/hidden-recipient team/t.yaml'],
  });
  check({
    name: 'one smuggled into a file',
    change: async ({ seal }) => void (await seal('prod/a.yaml', `${BOTH},${STRANGER}`)),
    found: ['error policy/recipient-extra prod/a.yaml'],
  });
  check({
    name: 'one dropped from a file, with a new data key',
    change: async ({ seal }) => void (await seal('prod/a.yaml', RECIPIENT_1)),
    found: [
      'error policy/recipient-missing prod/a.yaml',
      'warning policy/data-key-unknown prod/a.yaml',
    ],
  });
  check({
    name: 'one removed, the data key kept',
    setUp: async ({ seal }) => void (await seal('other/c.yaml', BOTH)),
    change: ({ read, write }) => write('other/c.yaml', without(read('other/c.yaml'), RECIPIENT_2)),
    found: ['error policy/data-key-kept other/c.yaml', 'warning policy/uncovered other/c.yaml'],
  });
});

describe('a data key that is kept under values that are all new', () => {
  const change = (repository: ChangeRepository) => {
    for (const name of ['user', 'password'])
      repository.tidelock('set', 'team/c.yaml', `["${name}"]`, `"another ${name}"`);
    repository.write('team/c.yaml', without(repository.read('team/c.yaml'), RECIPIENT_2));
  };
  const setUp = async ({ seal }: ChangeRepository) => void (await seal('team/c.yaml', BOTH));
  check({
    name: 'is unknown without a key',
    setUp,
    change,
    found: ['warning policy/data-key-unknown team/c.yaml'],
  });
  check({
    name: 'is told by a key',
    setUp,
    change,
    inputs: { verify: 'true' },
    env: { SOPS_AGE_KEY_FILE: vector('age-key1.txt') },
    found: ['error policy/data-key-kept team/c.yaml'],
  });
  check({
    name: 'is new after a rotation, keys or not',
    setUp,
    change(repository) {
      repository.write('team/c.yaml', without(repository.read('team/c.yaml'), RECIPIENT_2));
      repository.tidelock('rotate', '-i', 'team/c.yaml');
    },
    found: [],
  });
});

describe('files', () => {
  check({
    name: 'renamed out of a rule',
    change: ({ git }) => void git('mv', 'prod/a.yaml', 'else.yaml'),
    found: ['error policy/uncovered else.yaml'],
  });
  check({
    name: 'renamed out of a rule with a new data key',
    change({ git, tidelock }) {
      tidelock('rotate', '-i', 'prod/a.yaml');
      git('mv', 'prod/a.yaml', 'else.yaml');
    },
    found: ['error policy/uncovered else.yaml'],
  });
  check({
    name: 'renamed by case alone',
    change: ({ git }) => void git('mv', 'prod', 'Prod'),
    found: ['error policy/uncovered Prod/a.yaml', 'error policy/uncovered Prod/b.yaml'],
  });
  check({
    name: 'a key appended under an encrypted file',
    change: ({ read, write }) => write('prod/a.yaml', `${read('prod/a.yaml')}added: ${VALUE}\n`),
    found: ['error broken/plain-value prod/a.yaml'],
  });
  check({
    name: 'metadata pasted from another file',
    change({ read, write }) {
      const [values] = read('prod/a.yaml').split(/^(?=sops:)/m);
      const [, metadata] = read('prod/b.yaml').split(/^(?=sops:)/m);
      write('prod/a.yaml', `${values}${metadata}`);
    },
    found: ['error broken/metadata prod/b.yaml', 'warning policy/shared-data-key prod/b.yaml'],
  });
  check({
    name: 'a file copied with its data key',
    change: ({ read, write }) => write('prod/copy.yaml', read('prod/a.yaml')),
    found: ['warning policy/shared-data-key prod/copy.yaml'],
  });
  check({
    name: 'plaintext that looks like a token',
    change: ({ read, write }) =>
      write(
        'prod/a.yaml',
        read('prod/a.yaml').replace(
          /^password: .*$/m,
          'password: ENC[AES256_GCM,data:hunter,iv:2,tag:3,type:str]',
        ),
      ),
    found: ['error broken/token prod/a.yaml'],
  });
  check({
    name: 'decrypted',
    change: ({ write }) => write('team/t.yaml', 'user: app\n'),
    found: ['error policy/not-encrypted team/t.yaml'],
  });
  check({
    name: 'a hostile expression in metadata',
    change: ({ read, write }) =>
      write(
        'prod/a.yaml',
        read('prod/a.yaml').replace(
          /unencrypted_suffix: .*/,
          `encrypted_regex: ^(a+)+$\n    # ${'a'.repeat(50_000)}`,
        ),
      ),
    found: ['error policy/selection prod/a.yaml'],
  });
  check({
    name: 'a submodule in the place of one',
    change({ git, remove }) {
      remove('prod/a.yaml');
      git('add', '-A');
      git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD')},prod/a.yaml`);
      git('commit', '-q', '-m', 'submodule');
      git('reset', '-q', '--hard');
    },
    found: ['error policy/not-encrypted prod/a.yaml'],
  });
  check({
    name: 'a pointer of LFS in the place of one',
    change: ({ write }) =>
      write(
        'prod/a.yaml',
        `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`,
      ),
    found: ['error policy/not-encrypted prod/a.yaml'],
  });
  check({
    name: 'a link in the place of one',
    change: ({ link }) => link('prod/a.yaml', '../docs/readme.md'),
    found: ['error policy/not-encrypted prod/a.yaml'],
  });
});

describe('names and comments', () => {
  check({
    name: 'a file name with a line break and a command',
    change: ({ write }) => write('app/x\n::error::injected\n.yaml', SECRET),
    found: ['error plaintext/sensitive-key app/x\n::error::injected\n.yaml'],
    also({ annotations, summary }) {
      expect(annotations.map(({ kind }) => kind)).toEqual(['error']);
      expect(summary).not.toContain('::error');
    },
  });
  check({
    name: 'markup in the comment of a recipient',
    change: ({ write }) =>
      write(
        '.sops.yaml',
        `${RULES}  - path_regex: ^new/.*$\n    age: ${RECIPIENT_1} # <img src=x> @everyone [x](http://example.org)\n`,
      ),
    found: ['warning config/dead-rule .sops.yaml', 'warning policy/changed .sops.yaml'],
    also: ({ summary }) => expect(summary).not.toMatch(/<img|@everyone/),
  });
});

describe('the repository', () => {
  check({
    name: 'refs/replace',
    change(repository) {
      repository.write('prod/new.yaml', PLAIN);
      const bad = repository.commit();
      const good = repository.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'clean');
      repository.git('replace', bad, good);
    },
    found: ['error policy/not-encrypted prod/new.yaml'],
  });
  check({
    name: 'grafts',
    change(repository) {
      repository.write('app/config.yaml', SECRET);
      repository.commit();
      repository.remove('app/config.yaml');
      const head = repository.commit();
      repository.git('config', 'advice.graftFileDeprecated', 'false');
      repository.write('.git/info/grafts', `${head} ${repository.git('rev-parse', 'main')}\n`);
    },
    found: ['error plaintext/sensitive-key app/config.yaml'],
  });
  it('a base that is switched after a green run', async () => {
    const repository = await makeChangeRepository();
    repository.git('checkout', '-q', '-b', 'loose', 'origin/main');
    repository.write('.sops.yaml', loosened.replace('AGE3', STRANGER));
    repository.commit();
    repository.git('push', '-q', 'origin', 'loose');
    repository.git('checkout', '-q', '-b', 'again', 'loose');
    await repository.seal('prod/a.yaml', `${BOTH},${STRANGER}`);
    const head = repository.commit();
    const onto = (ref: string) => ({
      pull_request: {
        number: 7,
        base: { ref, sha: repository.git('rev-parse', `origin/${ref}`) },
        head: { ref: 'again', sha: head },
      },
    });
    const green = await repository.check({ payload: onto('loose') });
    expect(told(green)).toEqual([]);
    const red = await repository.check({ payload: { action: 'edited', ...onto('main') } });
    expect(told(red)).toContain('error policy/recipient-extra prod/a.yaml');
    expect(red.status).toBe(1);
    const pinned = await repository.check({
      payload: onto('loose'),
      inputs: { 'policy-ref': 'main' },
    });
    expect(pinned.status).toBe(1);
  });
});
