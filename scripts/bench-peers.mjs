import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installPeers, peerPath } from './peers.mjs';

/**
 * `npm run bench:peers`: what the benchmarks run beside. The scanners go to a folder of their own,
 * shared by all checkouts, so that nothing of theirs is among this repository's dependencies.
 */
const FOLDER = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tidelock-peers');
const SCANNERS = ['secretlint@12.0.0', '@secretlint/secretlint-rule-preset-recommend@12.0.0'];
/** Not every module proxy has it; built from a checkout by hand, it is found on PATH as well. */
const SOPS_CHECK = 'github.com/Bonial-International-GmbH/sops-check@v0.3.0';
const PYTHON_SCANNER = 'detect-secrets==1.5.0';
const NODE_PROGRAMS = join(FOLDER, 'node_modules/.bin');
const PYTHON_PROGRAMS = join(FOLDER, 'python/bin');

/** Where secretlint looks for its rules when it runs elsewhere. */
export const secretlintModules = join(FOLDER, 'node_modules');

const VERSION = /\d+\.\d+[\w.-]*/;
const VERSIONS = {
  sops: ['--version', '--disable-version-check'],
  'sops-check': ['--version'],
  gitleaks: ['version'],
  secretlint: ['--version'],
  'detect-secrets': ['--version'],
  git: ['--version'],
};

/** PATH with every peer that is installed. */
export const benchPath = () => [NODE_PROGRAMS, PYTHON_PROGRAMS, peerPath()].join(delimiter);

/** What each peer says of its version; that it is missing where it is. */
export function peerVersions() {
  const env = { ...process.env, PATH: benchPath() };
  const versionOf = ([program, args]) => {
    const { status, stdout } = spawnSync(program, args, { env, encoding: 'utf8', timeout: 20_000 });
    if (status !== 0) return [program, 'not installed'];
    return [program, VERSION.exec(stdout)?.[0] ?? goVersion(program, env) ?? 'installed'];
  };
  return Object.fromEntries(Object.entries(VERSIONS).map(versionOf));
}

/** A Go program that does not say its own version was still built from one. */
function goVersion(program, env) {
  const options = { env, encoding: 'utf8', timeout: 20_000 };
  const path = spawnSync('which', [program], options).stdout?.trim() ?? '';
  const { stdout } = spawnSync('go', ['version', '-m', path], options);
  return /^\s*mod\s+\S+\s+v(\S+)/m.exec(stdout ?? '')?.[1];
}

function installScanners() {
  mkdirSync(FOLDER, { recursive: true });
  const run = (program, ...args) =>
    spawnSync(program, args, { cwd: FOLDER, stdio: ['ignore', 'inherit', 'inherit'] });
  if (spawnSync('which', ['sops-check'], { env: { PATH: benchPath() } }).status !== 0)
    run('go', 'install', SOPS_CHECK);
  if (!existsSync(join(NODE_PROGRAMS, 'secretlint')))
    run('npm', 'install', '--prefix', FOLDER, '--no-audit', '--no-fund', ...SCANNERS);
  if (!existsSync(join(PYTHON_PROGRAMS, 'detect-secrets'))) {
    run('python3', '-m', 'venv', join(FOLDER, 'python'));
    run(join(PYTHON_PROGRAMS, 'pip'), 'install', '--quiet', PYTHON_SCANNER);
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  installPeers();
  installScanners();
  const missing = Object.entries(peerVersions()).filter(([, said]) => said === 'not installed');
  for (const [name] of missing) process.stderr.write(`not installed: ${name}\n`);
  if (missing.length > 0) process.exitCode = 1;
}
