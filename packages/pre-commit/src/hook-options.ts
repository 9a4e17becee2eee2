import type { Env } from '@tidelock/git';

export type Stage = 'pre-commit' | 'pre-merge-commit' | 'pre-push';
export const STAGES: readonly Stage[] = ['pre-commit', 'pre-merge-commit', 'pre-push'];

export interface HookOptions {
  readonly stage: Stage;
  /** Also report what the committed version already had. */
  readonly all: boolean;
  /** Encrypt staged files that their creation rule wants encrypted. */
  readonly fix: boolean;
  /** Only these of the staged files; empty for all. */
  readonly files: readonly string[];
  readonly range: { readonly from: string; readonly to: string } | null;
  /** The remote of a push, by name. */
  readonly remote: string | undefined;
  /** Larger files are not examined. */
  readonly maxBytes: number;
}

export type Command =
  | { readonly run: 'hook'; readonly options: HookOptions }
  | { readonly run: 'install' | 'uninstall' | 'help' | 'version' }
  | { readonly run: 'wrong'; readonly message: string };

/** Options that stand alone and do something else than examining. */
const ALONE = ['install', 'uninstall', 'help', 'version'] as const;
const DEFAULT_MAX_BYTES = 5 * 1024 * 1024;

/** What the arguments and the pre-commit framework's variables ask for. */
export function parseCommand(args: readonly string[], env: Env): Command {
  let stage: Stage = 'pre-commit';
  let all = false;
  let fix = false;
  const words: string[] = [];
  const ends: { from?: string; to?: string } = frameworkRange(env);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      words.push(...args.slice(i + 1));
      break;
    }
    const alone = ALONE.find((name) => arg === `--${name}`);
    if (alone !== undefined) return { run: alone };
    if (arg === '--all') all = true;
    else if (arg === '--fix') fix = true;
    else if (arg === '--stage' || arg === '--from' || arg === '--to') {
      const value = args[++i];
      if (value === undefined) return wrong(`${arg} needs a value`);
      if (arg === '--from') ends.from = value;
      else if (arg === '--to') ends.to = value;
      else {
        const known = STAGES.find((name) => name === value);
        if (known === undefined) return wrong(`--stage is one of ${STAGES.join(', ')}`);
        stage = known;
      }
    } else if (arg.startsWith('-')) return wrong(`unknown option ${arg}; see --help`);
    else words.push(arg);
  }
  if ((ends.from === undefined) !== (ends.to === undefined))
    return wrong('--from and --to go together');
  const { from, to } = ends;
  const range = from === undefined || to === undefined ? null : { from, to };
  if (fix && (range !== null || stage !== 'pre-commit')) {
    return wrong('--fix works on staged files only');
  }
  const isPush = stage === 'pre-push';
  const files = isPush ? [] : words;
  const remote = isPush ? remoteName(words) : undefined;
  return {
    run: 'hook',
    options: { stage, all, fix, files, range, remote, maxBytes: DEFAULT_MAX_BYTES },
  };
}

function frameworkRange(env: Env): { from?: string; to?: string } {
  const { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to } = env;
  if (from && to) return { from, to };
  // It names no range when a whole history is pushed, down to its first commit.
  const { PRE_COMMIT_REMOTE_NAME: remote, PRE_COMMIT_LOCAL_BRANCH: branch } = env;
  return remote && branch ? { from: '0'.repeat(40), to: branch } : {};
}

/** Git names the remote and its address; a push to a bare address names the address twice. */
function remoteName(words: readonly string[]): string | undefined {
  const [name, address] = words;
  // A pattern character would take the tracking branches of other remotes for this one's.
  return name !== undefined && name !== address && !/[*?[]/.test(name) ? name : undefined;
}

function wrong(message: string): Command {
  return { run: 'wrong', message };
}
