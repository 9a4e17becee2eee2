import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tidelockProgram } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';
import { readDocument } from './documents.ts';
import { fencesOf } from './fences.ts';

const example = (file: string) => {
  const fence = fencesOf(readDocument('docs/guides/other-forges.md')).find(
    ({ attributes }) => attributes.get('file') === file,
  );
  return parse(fence?.body.join('\n') ?? '') as unknown;
};

interface GitLab {
  readonly tidelock: { readonly script: readonly string[] };
}
interface Gitea {
  readonly jobs: { readonly check: { readonly steps: readonly { uses?: string; run?: string }[] } };
}

const FORGES = [
  {
    remote: 'https://gitlab.com/acme/shop.git',
    file: '.gitlab-ci.yml',
    scripts: (text: unknown) => (text as GitLab).tidelock.script,
    base: { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
  },
  {
    remote: 'https://gitea.com/acme/shop.git',
    file: '.gitea/workflows/tidelock.yml',
    scripts: (text: unknown) =>
      (text as Gitea).jobs.check.steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
    base: { GITHUB_BASE_REF: 'main' },
  },
] as const;

/** A repository that the forge's remote is set for, with `npx` answering as after an installation. */
function repository(remote: string): Workspace {
  const w = makeWorkspace();
  w.git('init', '-q', '-b', 'main');
  w.git('config', 'user.email', 'a@example.com');
  w.git('config', 'user.name', 'A');
  w.git('remote', 'add', 'origin', remote);
  const bin = join(w.home, 'bin');
  mkdirSync(bin);
  const npx = w.write(
    '../home/bin/npx',
    `#!/bin/sh\n[ "$1" = --yes ] || exit 9\ncase "$2" in tidelock@*) ;; *) exit 9 ;; esac\nshift 2\nexec '${process.execPath}' '${tidelockProgram}' "$@"\n`,
  );
  chmodSync(npx, 0o755);
  w.write('.sops.yaml', `creation_rules:\n  - path_regex: secret\n    age: ${RECIPIENT_1}\n`);
  w.write('secret.yaml', 'a: b\n');
  w.tidelock(['encrypt', '-i', 'secret.yaml']);
  w.git('add', '-A');
  w.git('commit', '-qm', 'start');
  w.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  return w;
}

describe.each(FORGES)('the example for $file', ({ remote, file, scripts, base }) => {
  it('is what init writes there', () => {
    const w = repository(remote);
    w.git('remote', 'set-url', 'origin', remote);
    expect(w.tidelock(['init', '--yes', '--age', RECIPIENT_1])).toMatchObject({ status: 0 });
    const written = parse(w.read(file)) as unknown;
    expect(scripts(example(file))).toEqual(scripts(written));
  });

  it('passes an honest change and fails one that brings plain text', () => {
    const w = repository(remote);
    const forge = join(w.home, 'forge.git');
    w.git('clone', '-q', '--bare', '.', forge);
    w.git('remote', 'set-url', 'origin', forge);
    const env = {
      ...base,
      PATH: `${join(w.home, 'bin')}:${w.env.PATH ?? ''}`,
    };
    const run = () =>
      scripts(example(file)).map((script) => w.run('/bin/sh', ['-ec', script], { env }).status);
    w.write('plain.yaml', 'replicas: 3\n');
    w.git('add', '-A');
    w.git('commit', '-qm', 'honest');
    expect(run()).toEqual([0, 0]);
    w.write('other-secret.yaml', 'a: b\n');
    w.git('add', '-A');
    w.git('commit', '-qm', 'plain', '--no-verify');
    expect(run()).toEqual([1, 1]);
  });
});
