import { expect, test } from 'vitest';
import { hookedRepository, manifest } from '../support/hooked-repository.ts';
import { hookProgram, peer } from '../support/program.ts';

const CONFIG = `repos:
  - repo: local
    hooks:
      - id: tidelock
        name: tidelock
        entry: ${process.execPath} ${hookProgram}
        language: system
        pass_filenames: false
        always_run: true
        require_serial: true
        stages: [pre-commit, pre-merge-commit, pre-push, manual]
`;

test.skipIf(!peer('pre-commit'))(
  'the pre-commit framework: every file, a range, and commits that bring nothing',
  () => {
    const repository = hookedRepository();
    expect(repository.hook(['--uninstall']).status).toBe(0);
    repository.write('.pre-commit-config.yaml', CONFIG);
    repository.commitUnseen();
    const framework = (...args: string[]) => repository.run('pre-commit', args);
    expect(framework('install')).toMatchObject({ status: 0 });
    expect(framework('run', '--all-files')).toMatchObject({ status: 0 });
    const clean = repository.ask('rev-parse', 'HEAD');
    repository.write('old.yaml', manifest());
    repository.commitUnseen();
    repository.write('gone.txt', 'x\n');
    repository.commitUnseen();

    const all = framework('run', '--all-files');
    expect(all.status).toBe(1);
    expect(all.stdout).toContain('old.yaml');
    const range = framework('run', '--from-ref', clean, '--to-ref', 'HEAD');
    expect(range.status).toBe(1);
    expect(range.stdout).toContain('old.yaml (commit ');
    expect(framework('run', '--from-ref', 'HEAD^', '--to-ref', 'HEAD').status).toBe(0);

    expect(repository.commit('--amend')).toMatchObject({ status: 0 });
    expect(repository.commit('--allow-empty')).toMatchObject({ status: 0 });
    repository.ask('rm', '-q', 'gone.txt');
    expect(repository.commit()).toMatchObject({ status: 0 });
    repository.write('new.yaml', manifest());
    repository.ask('add', '-A');
    const refused = repository.commit();
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).not.toContain('old.yaml');
  },
);
