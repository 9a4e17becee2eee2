import { describe, expect, it } from 'vitest';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const kustomization = (decryption: boolean) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: flux-system
${decryption ? '  decryption:\n    provider: sops\n    secretRef:\n      name: sops-age\n' : ''}`;

const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  password: not-a-real-one-7
`;

interface Found {
  readonly findings: readonly {
    readonly ruleId: string;
    readonly path: string;
    readonly severity: string;
  }[];
}

function fluxRepository({ decryption = true } = {}): Workspace {
  const w = makeWorkspace();
  w.git('init', '-q', '-b', 'main');
  w.git('config', 'user.email', 'a@example.com');
  w.git('config', 'user.name', 'A');
  w.write(
    '.sops.yaml',
    `creation_rules:\n  - path_regex: apps/\n    encrypted_regex: ^(data|stringData)$\n    age: ${RECIPIENT_1}\n`,
  );
  w.write('clusters/prod/apps.yaml', kustomization(decryption));
  w.write('apps/secret.yaml', SECRET);
  expect(w.tidelock(['encrypt', '-i', 'apps/secret.yaml']).status).toBe(0);
  commit(w, 'first');
  return w;
}

function commit(w: Workspace, message: string): void {
  w.git('add', '-A');
  expect(w.git('commit', '-q', '-m', message).status).toBe(0);
}

function deployFindings(w: Workspace, ...args: string[]): string[] {
  const { stdout } = w.tidelock(['check', '--format', 'json', ...args]);
  return (JSON.parse(stdout) as Found).findings
    .filter(({ ruleId }) => ruleId.startsWith('deploy/'))
    .map(({ ruleId, path }) => `${ruleId} ${path}`);
}

describe('tidelock check', () => {
  it('says which Flux Kustomization leaves files encrypted', () => {
    expect(deployFindings(fluxRepository())).toEqual([]);
    expect(deployFindings(fluxRepository({ decryption: false }))).toEqual([
      'deploy/flux-no-decryption clusters/prod/apps.yaml',
    ]);
  });

  it('sees a symbolic link in the place of an encrypted file', () => {
    const w = fluxRepository();
    w.write(
      'apps/kustomization.yaml',
      'resources: [secret.yaml]\nsecretGenerator:\n  - name: a\n    envs: [db.env]\n',
    );
    w.write('apps/shared.env', 'A=1\n');
    expect(w.tidelock(['encrypt', '-i', 'apps/shared.env']).status).toBe(0);
    w.run('ln', ['-s', 'shared.env', 'apps/db.env']);
    expect(deployFindings(w)).toEqual(['deploy/flux-left-encrypted apps/db.env']);
  });

  it('is silenced by an allow entry', () => {
    const w = fluxRepository({ decryption: false });
    const allow = '{ rule: deploy/flux-no-decryption, path: "clusters/**", reason: "a patch" }';
    w.write('.tidelock.yaml', `version: 1\nallow:\n  - ${allow}\n`);
    expect(deployFindings(w)).toEqual([]);
  });
});

describe('tidelock check --base', () => {
  it('reports an unchanged file that the change keeps from being decrypted', () => {
    const w = fluxRepository();
    w.write('apps/db.env', 'A=1\n');
    expect(w.tidelock(['encrypt', '-i', 'apps/db.env']).status).toBe(0);
    commit(w, 'dotenv');
    w.git('checkout', '-q', '-b', 'change');
    w.write(
      'apps/kustomization.yaml',
      'resources: [secret.yaml]\nconfigMapGenerator:\n  - name: a\n    envs: [db.env]\n',
    );
    commit(w, 'use it in a ConfigMap');
    expect(deployFindings(w, '--base', 'main', '--head', 'change')).toEqual([
      'deploy/flux-left-encrypted apps/db.env',
    ]);
  });

  it('reports the Kustomization that loses its decryption', () => {
    const w = fluxRepository();
    w.git('checkout', '-q', '-b', 'change');
    w.write('clusters/prod/apps.yaml', kustomization(false));
    commit(w, 'no decryption');
    expect(deployFindings(w, '--base', 'main', '--head', 'change')).toEqual([
      'deploy/flux-no-decryption clusters/prod/apps.yaml',
    ]);
  });

  it('leaves alone what was so before, in files that do not change', () => {
    const w = fluxRepository({ decryption: false });
    w.git('checkout', '-q', '-b', 'change');
    w.write('apps/readme.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n');
    commit(w, 'something else');
    expect(deployFindings(w, '--base', 'main', '--head', 'change')).toEqual([]);
  });

  it('honours a comment of the base, and none that the change brings', () => {
    const silent = kustomization(false).replace(
      'path: ./apps',
      'path: ./apps # tidelock:allow deploy/flux-no-decryption -- a patch elsewhere',
    );
    const w = fluxRepository({ decryption: false });
    w.git('checkout', '-q', '-b', 'change');
    w.write('clusters/prod/apps.yaml', silent);
    commit(w, 'silence it');
    expect(deployFindings(w, '--base', 'main', '--head', 'change')).toEqual([
      'deploy/flux-no-decryption clusters/prod/apps.yaml',
    ]);
    w.git('checkout', '-q', 'main');
    w.git('merge', '-q', 'change');
    w.git('checkout', '-q', '-b', 'later');
    w.write('clusters/prod/apps.yaml', silent.replace('name: apps', 'name: applications'));
    commit(w, 'rename it');
    expect(deployFindings(w, '--base', 'main', '--head', 'later')).toEqual([]);
  });
});
