import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type HookedRepository,
  hookedRepository,
  manifest,
  RULES,
} from '../support/hooked-repository.ts';
import { tidelockProgram } from '../support/program.ts';
import { RECIPIENT_1 } from '../support/workspace.ts';

/** With `tidelock` on PATH, as whoever reads the message has it. */
function installed(): HookedRepository {
  const repository = hookedRepository();
  const bin = join(repository.home, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh\nexec '${process.execPath}' '${tidelockProgram}' "$@"\n`;
  writeFileSync(join(bin, 'tidelock'), script, { mode: 0o755 });
  repository.env.PATH = `${bin}:${repository.env.PATH}`;
  return repository;
}

/** Commits in a folder, is refused, pastes what is printed there, and commits again. */
function expectMended(repository: HookedRepository, folder = '.'): string[] {
  const cwd = repository.path(folder);
  const commit = () => repository.run('git', ['commit', '-q', '-m', 'x'], { cwd });
  const refused = commit();
  expect(refused.status).toBe(1);
  const commands = [...refused.stderr.matchAll(/^ {2}to mend it: (.*)$/gm)].map(
    ([, command]) => command ?? '',
  );
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    const pasted = repository.run('bash', ['-c', command], { cwd });
    expect(pasted, `${command}\n${pasted.stderr}`).toMatchObject({ status: 0 });
  }
  const accepted = commit();
  expect(accepted, accepted.stderr).toMatchObject({ status: 0 });
  return commands;
}

describe('the command that is printed works where it is read', () => {
  test('with names of every kind', () => {
    const repository = installed();
    repository.write('.sops.yaml', RULES);
    repository.commitUnseen();
    const names = [
      "it's.yaml",
      '-rf.yaml',
      '$(touch ran).yaml',
      'a b;c&d.yaml',
      'tab\there.yaml',
      'line\nbreak.yaml',
      '\u00e9\u202e.yaml',
      'back\\slash\\xFF.yaml',
      '"quoted" `x` !y.yaml',
      '#.yaml',
      '~.yaml',
      '*?[a].yaml',
      '{a,b}.yaml',
    ];
    for (const name of names) repository.write(`secrets/${name}`, manifest());
    repository.ask('add', '-A');
    expect(expectMended(repository)).toHaveLength(names.length);
    expect(repository.ask('status', '--porcelain')).toBe('');
    for (const name of names)
      expect(repository.read(`secrets/${name}`)).toContain('ENC[AES256_GCM,');
  });

  test('from a folder below the top, for files in and beside it', () => {
    const repository = installed();
    repository.write('.sops.yaml', RULES);
    repository.commitUnseen();
    repository.write('secrets/a/b.yaml', manifest());
    repository.write('secrets/c.yaml', manifest());
    repository.ask('add', '-A');
    expect(expectMended(repository, 'secrets/a')).toEqual([
      'tidelock encrypt -i b.yaml && git add b.yaml',
      'tidelock encrypt -i ../c.yaml && git add ../c.yaml',
    ]);
  });

  test('where the rule stands in a folder of its own, which the command would not look into', () => {
    const repository = installed();
    const rules = `creation_rules:\n  - path_regex: ^in/\n    age: ${RECIPIENT_1}\n`;
    repository.write('.sops.yaml', RULES);
    repository.write('team one/.sops.yaml', rules);
    repository.write('other/README.md', 'x\n');
    repository.commitUnseen();
    repository.write('team one/in/a.yaml', manifest());
    repository.ask('add', '-A');
    expect(expectMended(repository)).toEqual([
      "tidelock --config 'team one/.sops.yaml' encrypt -i 'team one/in/a.yaml' && git add 'team one/in/a.yaml'",
    ]);
    repository.write('team one/in/b.yaml', manifest());
    repository.ask('add', '-A');
    expect(expectMended(repository, 'team one')).toEqual([
      'tidelock encrypt -i in/b.yaml && git add in/b.yaml',
    ]);
    repository.write('team one/in/c.yaml', manifest());
    repository.ask('add', '-A');
    expect(expectMended(repository, 'other')).toHaveLength(1);
  });

  test('by a rule without path_regex, which claims no file and can encrypt each', () => {
    const repository = installed();
    repository.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
    repository.commitUnseen();
    repository.write('db.yaml', manifest());
    repository.ask('add', '-A');
    expectMended(repository);
  });

  test('and says what is missing where it could not', () => {
    const repository = installed();
    repository.write(
      '.tidelock.yaml',
      'version: 1\nrules:\n  - { name: p, paths: ["prod/**"], encrypted: true }\n',
    );
    repository.write('.sops.yaml', 'creation_rules:\n  - path_regex: ^keyless/\n');
    repository.commitUnseen();
    repository.write('prod/a.yaml', manifest());
    repository.write('keyless/a.yaml', manifest());
    repository.ask('add', '-A');
    const { stderr } = repository.hook();
    expect(stderr.match(/to mend it, once \.sops\.yaml has a rule for it: /g)).toHaveLength(2);
    expect(stderr).not.toContain('to mend it: ');
  });
});

describe('advice names this file', () => {
  function encrypted(): HookedRepository {
    const repository = installed();
    repository.write('.sops.yaml', RULES);
    repository.write('secrets/a b.yaml', 'one: first\ntwo: second\n');
    expect(repository.tidelock(['encrypt', '-i', 'secrets/a b.yaml']).status).toBe(0);
    repository.commitUnseen();
    return repository;
  }

  test('a value added by hand, taken out and set as is advised', () => {
    const repository = encrypted();
    const whole = repository.read('secrets/a b.yaml');
    repository.write('secrets/a b.yaml', `${whole}three: plain\n`);
    repository.ask('add', '-A');
    const { status, stderr } = repository.hook();
    expect(status).toBe(1);
    const set = /take the old one out of the file, then set the new one: (.*) VALUE$/m.exec(stderr);
    expect(set?.[1]).toBe(`tidelock set 'secrets/a b.yaml' '["three"]'`);
    repository.write('secrets/a b.yaml', whole);
    expect(repository.run('bash', ['-c', `${set?.[1]} '"new"'`])).toMatchObject({ status: 0 });
    repository.ask('add', '-A');
    expect(repository.commit()).toMatchObject({ status: 0 });
  });

  test('conflict markers are no reason to encrypt it again', () => {
    const repository = encrypted();
    const whole = repository.read('secrets/a b.yaml');
    repository.write('secrets/a b.yaml', `<<<<<<< ours\n${whole}=======\n${whole}>>>>>>> theirs\n`);
    repository.ask('add', '-A');
    const { status, stderr } = repository.hook();
    expect(status).toBe(1);
    expect(stderr).toContain("git checkout --ours 'secrets/a b.yaml'");
    expect(stderr).not.toContain('encrypt -i');
  });

  test('a copy that was decrypted is taken out of the index', () => {
    const repository = encrypted();
    repository.write('secrets/a b.dec.yaml', 'one: first\ntwo: second\n');
    repository.write('.sops.yaml', RULES.replace('^secrets/', '^secrets/a b\\.yaml$'));
    repository.commitUnseen();
    repository.write('secrets/a b.yaml', `${repository.read('secrets/a b.yaml')}\n`);
    repository.write('secrets/a b.dec.yaml', 'one: first\ntwo: changed\n');
    repository.ask('add', '-A');
    const { status, stderr } = repository.hook();
    expect(status).toBe(1);
    expect(stderr).toContain("to mend it: git rm --cached 'secrets/a b.dec.yaml'\n");
  });
});
