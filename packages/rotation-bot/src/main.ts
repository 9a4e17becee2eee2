import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { TIDELOCK_VERSION, TidelockError } from '@tidelock/core';
import { findWorkTree, GitError, runOutside } from '@tidelock/git';
import { escapeTerminal } from '@tidelock/guard';
import { usage } from './commands/arguments.ts';
import { COULD_NOT_RUN } from './commands/exit-codes.ts';
import { logText } from './commands/log-text.ts';
import type { BotPorts } from './ports.ts';

const HELP = `usage: tidelock-rotate plan [--check] [--json] [--shard i/n] [--at REVISION] [--now DATE] [--ask-keys]
       tidelock-rotate run [FORGE FLAGS] [--json] [--now DATE] [--ask-keys]
       tidelock-rotate apply --plan FILE | --results FILE [FORGE FLAGS] [--json]
       tidelock-rotate apply --shard i/n --out FILE [--at REVISION] [--ask-keys]
       tidelock-rotate apply --results FILE --write
       tidelock-rotate merge RESULTS... --out FILE
       tidelock-rotate merge PLAN... [--json]

plan    what is due: who joins, who leaves, which data keys are to be renewed
run     plans the base branch as the forge has it, and opens or updates its pull requests
apply   the same with a plan made before, or with files rewritten in shards;
        with --shard: rewrites a share of the files and writes the results, ciphertext alone;
        with --write: puts the files into the work tree, for a forge the bot does not speak to
merge   makes one of what all shares wrote, and looks at each rewritten file again
--ask-keys  asks AWS, GCP, Azure and Vault whether their keys are enabled, expire or have newer
        versions, and gpg for expiry and revocation; no key is used for that. Else all is offline

forge flags:
  --repository OWNER/NAME  --api-url URL   else by GITHUB_REPOSITORY and GITHUB_API_URL, else by origin
  --base BRANCH            requests go into it; default: the forge's default branch
  --branch-prefix PREFIX   of the bot's branches; default tidelock/rotate
  --labels A,B             default tidelock
  --max-open N             requests open at a time; default: rotation.max_open of the policy
  --max-files N            files in one request; default 3000
  --allow-unsigned         executable files too, by commits that are signed for Apps alone
  --allow-unchecked        with the token of GitHub Actions, though no check runs on what it opens
environment: TIDELOCK_APP_ID and TIDELOCK_APP_PRIVATE_KEY, or TIDELOCK_TOKEN (GH_TOKEN, GITHUB_TOKEN);
  TIDELOCK_ROTATE_PACE_MS between writes (default 1000, as GitHub asks)
exit 0 done, 1 something is due (--check), 2 could not run, 3 some files were left out or could
  not be planned (plan: with --check)
`;

const ports: BotPorts = {
  env: process.env,
  platform: process.platform,
  homeDir: homedir(),
  cwd: process.cwd(),
  readFile: async (path) => {
    try {
      return readFileSync(path);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  },
  run: runOutside(process.env, findWorkTree(process.cwd(), process.env)),
  now: () => new Date(),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(logText(text, process.env)),
};

async function dispatch([name, ...args]: readonly string[]): Promise<number> {
  switch (name) {
    case 'plan':
      return (await import('./commands/plan.ts')).planCommand(args, ports);
    case 'apply':
      if (args.some((arg) => /^--shard(?:=|$)/.test(arg)))
        return (await import('./commands/rewrite-shard.ts')).rewriteShardCommand(args, ports);
      if (args.includes('--write'))
        return (await import('./commands/write-files.ts')).writeFilesCommand(args, ports);
      return (await import('./commands/run.ts')).applyCommand(args, ports);
    case 'run':
      return (await import('./commands/run.ts')).runCommand(args, ports);
    case 'merge':
      return (await import('./commands/merge.ts')).mergeCommand(args, ports);
    case '--version':
      ports.stdout(`tidelock-rotate ${TIDELOCK_VERSION}\n`);
      return 0;
    case undefined:
    case 'help':
    case '--help':
      ports.stdout(HELP);
      return 0;
    default:
      throw usage(`no such command: ${name}`);
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof TidelockError || error instanceof GitError))
    return `something unexpected went wrong (${error instanceof Error ? error.name : 'no error'}) [ERR_INTERNAL]\n`;
  const { path, position } = error instanceof TidelockError ? error : {};
  const line = position === undefined ? '' : `:${position.line}:${position.column}`;
  const place = path === undefined ? '' : `${path}${line}: `;
  const hint = error.hint === undefined ? '' : `hint: ${escapeTerminal(error.hint)}\n`;
  return `${escapeTerminal(`${place}${error.message}`)} [${error.code}]\n${hint}`;
}

dispatch(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    ports.stderr(errorText(error));
    process.exitCode = COULD_NOT_RUN;
  },
);
