import { relative, resolve, sep } from 'node:path';
import {
  checkChange,
  judge,
  judgeAges,
  type Policies,
  policyFilesAbove,
  policyFilesIn,
  readFolder,
  readPolicies,
  verifyMacs,
} from '@tidelock/check';
import { GitError } from '@tidelock/git';
import type { Report, Source, Verdict } from '@tidelock/guard';
import { requireFolder } from '../check/require-folder.ts';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { errorText } from '../error-text.ts';
import { repositoryOf } from '../files/repository.ts';
import { KEY_SERVICE_FLAGS } from '../flag-specs.ts';
import { localKeyServices } from '../key-services.ts';
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
      help: 'judge what --head changes by the policy of this commit',
    },
    { names: ['head'], kind: 'string', help: 'the other side (default HEAD)' },
    { names: ['fail-on'], kind: 'string', help: 'weakened: a milder policy is an error' },
    { names: ['format'], kind: 'string', help: 'text, json, sarif, markdown or github' },
    { names: ['verify'], kind: 'bool', help: 'also check the MAC of what the keys at hand open' },
    { names: ['policy-only'], kind: 'bool', help: 'do not look for plaintext' },
    ...KEY_SERVICE_FLAGS,
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    const { ports, flags } = invocation;
    try {
      const colour = ports.isTerminal && !ports.env.NO_COLOR;
      const reporter = reporterOf(flags.text('format') ?? 'text', { colour });
      const report = raise(await reportOf(invocation), flags.text('fail-on'));
      ports.stdout(reporter.report(report));
      return report.findings.some(({ severity }) => severity === 'error') ? FOUND : 0;
    } catch (error) {
      ports.stderr(errorText(asCommandError(error)));
      return COULD_NOT_RUN;
    }
  },
};

async function reportOf(invocation: Invocation): Promise<Report> {
  const { ports, flags, positionals } = invocation;
  const [shown = '.', second] = positionals;
  if (second !== undefined)
    throw new CommandError(
      'ERR_USAGE',
      COULD_NOT_RUN,
      'check takes one folder',
      'tidelock check [DIR]',
    );
  const folder = resolve(ports.cwd, shown);
  requireFolder(folder, shown);
  const base = flags.text('base');
  const policyOnly = flags.isOn('policy-only');
  if (base !== undefined)
    return checkChange({
      ports,
      folder,
      base,
      head: flags.text('head') ?? 'HEAD',
      policyOnly,
      verify: verifierOf(invocation),
    });
  if (flags.has('head'))
    throw new CommandError(
      'ERR_USAGE',
      COULD_NOT_RUN,
      '--head needs --base',
      'tidelock check --base REF --head REF',
    );
  return checkTree(invocation, folder, policyOnly);
}

async function checkTree(
  invocation: Invocation,
  folder: string,
  policyOnly: boolean,
): Promise<Report> {
  const { ports } = invocation;
  const root = repositoryOf(folder);
  const below = root === null ? '' : relative(root, folder).split(sep).join('/');
  const prefix = below === '' ? '' : `${below}/`;
  const files = await readFolder(ports, folder, root);
  const above = root === null ? [] : await policyFilesAbove(ports, root, prefix);
  const now = ports.now();
  const policyFiles = [...policyFilesIn(files.sources, prefix), ...above];
  const policies = readPolicies(policyFiles, { now, prefix });
  if (isNone(policies))
    ports.stderr('tidelock: no .sops.yaml and no .tidelock.yaml: only plaintext is looked for\n');
  const verified = (await verifierOf(invocation)?.(files.sources)) ?? [];
  const { access } = policies;
  const ages = await judgeAges(files.sources, {
    ports,
    folder,
    root,
    prefix,
    access,
    revision: 'HEAD',
  });
  const more = [...ages, ...verified];
  return judge({ files, policies, prefix, now, policyOnly, more });
}

/** null without `--verify`. */
function verifierOf({ ports, flags }: Invocation) {
  if (!flags.isOn('verify')) return null;
  return async (sources: readonly Source[]): Promise<readonly Verdict[]> => {
    const { opened, closed, verdicts } = await verifyMacs(sources, localKeyServices(ports, flags));
    const counts = `${opened} files opened and checked, ${closed} without a key at hand`;
    ports.stderr(`tidelock: ${counts}\n`);
    return verdicts;
  };
}

const isNone = ({ creation, access, sopsCheck }: Policies) =>
  creation.configs.length === 0 && access === null && sopsCheck === null;

/** @throws CommandError for a word nobody knows */
function raise(report: Report, failOn: string | undefined): Report {
  if (failOn === undefined || failOn === 'error') return report;
  if (failOn !== 'weakened')
    throw new CommandError(
      'ERR_USAGE',
      COULD_NOT_RUN,
      'no such --fail-on',
      'It is error or weakened.',
    );
  const findings = report.findings.map((finding) =>
    finding.ruleId === 'policy/weakened' ? { ...finding, severity: 'error' as const } : finding,
  );
  return { ...report, findings };
}

function asCommandError(error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  return new CommandError('ERR_READ', COULD_NOT_RUN, error.message, error.hint);
}
