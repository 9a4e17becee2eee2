import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretlintModules } from '../../scripts/bench-peers.mjs';
import { atMost, below, figure } from './figure.mjs';
import { compare, timeCommand } from './measure.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = join(root, 'packages/pre-commit/dist/tidelock-pre-commit.js');
const hook = [process.execPath, PROGRAM];
const CLEAN_OR_FINDINGS = [0, 1];
const SECRETLINT_RULES = '@secretlint/secretlint-rule-preset-recommend';

export async function* run(folder) {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  yield* oneFile(join(folder, 'one'), env);
  yield* manyFiles(join(folder, 'hundreds'), env);
}

function* oneFile(cwd, env) {
  const git = repository(cwd, env);
  write(cwd, '.sops.yaml', 'creation_rules:\n  - path_regex: ^secrets/\n    age: age1x\n');
  for (let i = 0; i < 50; i++) write(cwd, `apps/app${i}.yaml`, manifest(i, 20));
  git('add', '-A');
  git('commit', '-q', '-m', 'start');
  write(cwd, 'apps/app7.yaml', `${manifest(7, 20)}more: true\n`);
  git('add', '-A');
  const { ours, empty } = compare(
    {
      ours: () => timeCommand(hook, { env, cwd }),
      empty: () => timeCommand([process.execPath, '-e', '0'], { env, cwd }),
    },
    { rounds: 31 },
  );
  yield figure('hook, one staged file', ours, {
    against: 'node -e 0',
    peer: empty,
    goal: atMost(1.3),
  });
}

const FILES = 740;
const LINES = 67_000;

function* manyFiles(cwd, env) {
  const git = repository(cwd, env);
  write(cwd, 'README.md', '# Example\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'start');
  const each = Math.round(LINES / FILES);
  for (let i = 0; i < FILES; i++) {
    const [name, text] = [
      [`pkg/part${i}/handler.go`, source(i, each)],
      [`deploy/app${i}.yaml`, manifest(i, each)],
      [`docs/page${i}.md`, page(i, each)],
    ][i % 20 === 0 ? 2 : i % 4 === 1 ? 1 : 0];
    write(cwd, name, text);
  }
  git('add', '-A');
  const options = { env, cwd, accepted: CLEAN_OR_FINDINGS };
  const contenders = { ours: () => timeCommand(hook, options), ...peers(options) };
  const { ours, ...others } = compare(contenders, { rounds: 5, seconds: 60 });
  for (const [name, peer] of Object.entries(others)) {
    yield figure('hook, 740 staged files, 67,000 lines', ours, {
      against: name,
      peer,
      goal: below(1),
    });
  }
}

/** Each looks at the same staged files. */
function peers(options) {
  const listed = spawnSync('git', ['diff', '--cached', '--name-only', '-z'], options);
  const names = listed.stdout.toString('utf8').split('\0').filter(Boolean);
  write(options.cwd, '.secretlintrc.json', JSON.stringify({ rules: [{ id: SECRETLINT_RULES }] }));
  symlinkSync(secretlintModules, join(options.cwd, 'node_modules'));
  return {
    'gitleaks git --staged': () =>
      timeCommand(['gitleaks', 'git', '--staged', '--no-banner', '-l', 'error'], options),
    secretlint: () => timeCommand(['secretlint', ...names], options),
    'detect-secrets-hook': () => timeCommand(['detect-secrets-hook', ...names], options),
  };
}

function repository(cwd, env) {
  mkdirSync(cwd, { recursive: true });
  const git = (...args) => {
    const { status, stderr } = spawnSync('git', args, { cwd, env });
    if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
  };
  git('init', '-q', '-b', 'main');
  return git;
}

function write(cwd, path, text) {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), text);
}

function repeat(count, make) {
  return Array.from({ length: count }, (_, i) => make(i)).join('');
}

/** Go as people write it: names of keys, tokens and secrets, and no value of any. */
function source(seed, lines) {
  const body = repeat(
    Math.ceil(lines / 10),
    (i) => `// Reconcile${i} decrypts the data key with the master key of group ${seed % 7}.
func (r *Reconciler${seed}) Reconcile${i}(ctx context.Context, key types.NamespacedName) error {
\tsecret, err := r.client.Secrets(key.Namespace).Get(ctx, key.Name, metav1.GetOptions{})
\tif err != nil {
\t\treturn fmt.Errorf("cannot get secret %q: %w", key, err)
\t}
\ttoken := os.Getenv("GITHUB_TOKEN_${i}")
\treturn r.apply(ctx, secret.Data["password"], token)
}

`,
  );
  return `package part${seed}\n\nimport "context"\n\n${body}`;
}

function manifest(seed, lines) {
  const ports = repeat(
    Math.max(1, Math.floor((lines - 16) / 4)),
    (i) => `            - name: SETTING_${i}
              valueFrom:
                secretKeyRef: { name: app${seed}, key: setting-${i} }
            # the value of setting ${i} is kept in the vault
`,
  );
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app${seed}
  labels: { app.kubernetes.io/name: app${seed} }
spec:
  replicas: ${1 + (seed % 5)}
  template:
    spec:
      containers:
        - name: app
          image: registry.example.com/team/app${seed}:v1.${seed}.0
          env:
${ports}`;
}

function page(seed, lines) {
  const body = repeat(
    Math.ceil(lines / 5),
    (i) => `## Step ${i}

Run \`sops updatekeys secrets/app${seed}.yaml\` once the recipient is in the creation rule; see
[the manual](https://example.com/manual/${seed}/${i}#recipients) for what happens to the data key.

`,
  );
  return `# Page ${seed}\n\n${body}`;
}
