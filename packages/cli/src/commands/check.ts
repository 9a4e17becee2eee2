import { resolve } from 'node:path';
import {
  checkChange,
  checkFolder,
  createVerifier,
  type MakeVerifier,
  type TreeReport,
} from '@tidelock/check';
import { createLabelProver } from '@tidelock/core';
import { GitError } from '@tidelock/git';
import type { Report } from '@tidelock/guard';
import { requireFolder } from '../check/require-folder.ts';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { errorText } from '../error-text.ts';
import { repositoryOf } from '../files/repository.ts';
import { KEY_SERVICE_FLAGS } from '../flag-specs.ts';
import type { Flags } from '../flags.ts';
import { localKeyServices } from '../key-services.ts';
import { endsOf } from '../scan/range-ends.ts';
import { reporterOf } from '../scan/scan-report.ts';

const FOUND = 1;
const COULD_NOT_RUN = 2;

export const checkCommand: Command = {
  name: 'check',
  usage: 'check [DIR]',
  summary: 'judge who can read what by .sops.yaml and .tidelock.yaml, and find plaintext',
  flags: [
    {
      names: ['base'],
      kind: 'string',
      help: 'judge every commit up to --head by the policy of this one',
    },
    { names: ['head'], kind: 'string', help: 'the other side (default HEAD)' },
    { names: ['range'], kind: 'string', help: 'A..B: the same as --base A --head B' },
    { names: ['fail-on'], kind: 'string', help: 'weakened: a milder policy is an error' },
    { names: ['format'], kind: 'string', help: 'text, json, sarif, markdown or github' },
    { names: ['verify'], kind: 'bool', help: 'also check MAC and labels with the keys at hand' },
    { names: ['policy-only'], kind: 'bool', help: 'do not look for plaintext' },
    ...KEY_SERVICE_FLAGS,
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    const { ports, flags } = invocation;
    try {
      const colour = ports.isTerminal && !ports.env.NO_COLOR;
      const reporter = reporterOf(flags.text('format') ?? 'text', { colour });
      const judged = await reportOf(invocation);
      for (const remark of judged.remarks) ports.stderr(`tidelock: ${remark}\n`);
      const report = raise(judged, flags.text('fail-on'));
      ports.stdout(reporter.report(report));
      return report.findings.some(({ severity }) => severity === 'error') ? FOUND : 0;
    } catch (error) {
      ports.stderr(errorText(asCommandError(error)));
      return COULD_NOT_RUN;
    }
  },
};

async function reportOf(invocation: Invocation): Promise<TreeReport> {
  const { ports, flags, positionals } = invocation;
  const [shown = '.', second] = positionals;
  if (second !== undefined) throw misused('check takes one folder', 'tidelock check [DIR]');
  const folder = resolve(ports.cwd, shown);
  requireFolder(folder, shown);
  const policyOnly = flags.isOn('policy-only');
  const common = { ports, folder, policyOnly, verifier: verifierOf(invocation) };
  const sides = sidesOf(flags);
  if (sides === null) return checkFolder(common, repositoryOf(folder));
  return checkChange({ ...common, ...sides });
}

function sidesOf(flags: Flags): { readonly base: string; readonly head: string } | null {
  const [base, head, range] = ['base', 'head', 'range'].map((name) => flags.text(name));
  if (range !== undefined) {
    if (base !== undefined || head !== undefined)
      throw misused('--range stands alone', 'Give A..B, or --base and --head.');
    const { from, to } = endsOf(range);
    return { base: from, head: to };
  }
  if (base !== undefined) return { base, head: head ?? 'HEAD' };
  if (head === undefined) return null;
  throw misused('--head needs --base', 'tidelock check --base REF --head REF');
}

/** null without `--verify`. */
function verifierOf({ ports, flags }: Invocation): MakeVerifier | null {
  if (!flags.isOn('verify')) return null;
  const prove = createLabelProver({ environment: ports });
  return (trusted) => createVerifier(localKeyServices(ports, flags, trusted), prove);
}

/** @throws CommandError for a word nobody knows */
function raise<T extends Report>(report: T, failOn: string | undefined): T {
  if (failOn === undefined || failOn === 'error') return report;
  if (failOn !== 'weakened') throw misused('no such --fail-on', 'It is error or weakened.');
  const findings = report.findings.map((finding) =>
    finding.ruleId === 'policy/weakened' ? { ...finding, severity: 'error' as const } : finding,
  );
  return { ...report, findings };
}

function misused(message: string, hint: string): CommandError {
  return new CommandError('ERR_USAGE', COULD_NOT_RUN, message, hint);
}

function asCommandError(error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  return new CommandError('ERR_READ', COULD_NOT_RUN, error.message, error.hint);
}
