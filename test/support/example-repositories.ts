import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hookProgram, tidelockProgram } from './program.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

/** Made of parts, so that no scanner takes the tests for the one that leaks. */
export const EXAMPLE_SECRET = ['hunter2', 'Zq81', 'xK0p'].join('-');

export const MANIFEST = (name: string, value = EXAMPLE_SECRET): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: apps\nstringData:\n  password: ${value}\n`;

/** A repository with a first commit, and the programs on PATH as an installation puts them there. */
export function exampleRepository(files: Readonly<Record<string, string>>): Workspace {
  const made = makeWorkspace();
  const bin = join(made.home, 'bin');
  mkdirSync(bin);
  symlinkSync(tidelockProgram, join(bin, 'tidelock'));
  symlinkSync(hookProgram, join(bin, 'tidelock-pre-commit'));
  made.env.PATH = `${bin}:${made.env.PATH}`;
  made.git('init', '-q', '-b', 'main');
  made.git('config', 'user.name', 'A');
  made.git('config', 'user.email', 'a@example.org');
  for (const [name, text] of Object.entries(files)) made.write(name, text);
  made.git('add', '-A');
  made.git('commit', '-qm', 'start', '--allow-empty');
  return made;
}

const CONFIG_MAP =
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  LOG_LEVEL: info\n';
const resources = (...names: string[]) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${names.map((name) => `  - ${name}\n`).join('')}`;

/** The kinds of repository that init is for, without any secret in them. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dotenv: {
    'package.json': '{ "name": "app", "private": true }\n',
    'src/main.js': 'console.log(process.env.DATABASE_URL);\n',
    '.env.example': 'DATABASE_URL=\nAPI_TOKEN=\n',
  },
  flux: {
    'clusters/production/apps.yaml':
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  interval: 10m\n  path: ./apps/production\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n  decryption:\n    provider: sops\n    secretRef:\n      name: sops-age\n',
    'apps/base/settings.yaml': CONFIG_MAP,
    'apps/base/kustomization.yaml': resources('settings.yaml'),
    'apps/production/kustomization.yaml': resources('../base'),
    'apps/staging/kustomization.yaml': resources('../base'),
  },
  'argo-ksops': {
    'apps/web.yaml':
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: web\n  namespace: argocd\nspec:\n  project: default\n  source:\n    repoURL: https://git.example.org/web.git\n    path: web\n    targetRevision: main\n  destination:\n    server: https://kubernetes.default.svc\n    namespace: web\n',
    'web/kustomization.yaml': resources('settings.yaml'),
    'web/settings.yaml': CONFIG_MAP,
    'web/secret-generator.yaml':
      'apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata:\n  name: web-secrets\nfiles: []\n',
    'web/external-secret.yaml':
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: other\nspec:\n  secretStoreRef:\n    name: store\n    kind: ClusterSecretStore\n  data:\n    - secretKey: token\n      remoteRef:\n        key: web/token\n',
  },
  terraform: {
    'main.tf':
      'variable "db_password" {\n  type      = string\n  sensitive = true\n}\n\nresource "null_resource" "db" {}\n',
    'envs/prod/terraform.tfvars': 'region = "eu-west-1"\n',
    'envs/dev/terraform.tfvars': 'region = "eu-west-1"\n',
  },
  cleartext: {
    'README.md': '# Our configuration\n',
    'clusters/prod/database-secret.yaml': MANIFEST('database'),
    'clusters/prod/settings.yaml': CONFIG_MAP,
    'config/app.json': `{"database": {"user": "app", "password": "${EXAMPLE_SECRET}"}}\n`,
    '.env': `API_TOKEN=${EXAMPLE_SECRET}\nDEBUG=1\n`,
  },
};
