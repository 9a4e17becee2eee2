import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { GitError } from '@tidelock/git';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { errorText } from '../error-text.ts';
import { askYesOrNo } from '../files/ask.ts';
import { repositoryOf } from '../files/repository.ts';
import { KEY_FLAGS } from '../flag-specs.ts';
import { asideText, diffText, nextText, surveyText } from '../init/init-text.ts';
import { isReadByOthers } from '../init/local-key.ts';
import { applyProposal, isEmpty, type Proposal, propose } from '../init/proposal.ts';

const NOT_WRITTEN = 1;
const COULD_NOT_RUN = 2;
const NO_KEY = ['encryption-context', 'aws-profile'];

export const initCommand: Command = {
  name: 'init',
  usage: 'init [--yes] [--local] [--age RECIPIENT] [--pgp FP] [--kms ARN] ... [DIR]',
  summary: 'give a repository creation rules, a policy, the hook and the check of pull requests',
  flags: [
    { names: ['yes', 'y'], kind: 'bool', help: 'write what is proposed; do not ask' },
    { names: ['local'], kind: 'bool', help: 'make a local age key for a test environment' },
    ...KEY_FLAGS.filter(({ names: [name] }) => !NO_KEY.includes(name)),
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    try {
      return await init(invocation);
    } catch (error) {
      invocation.ports.stderr(errorText(asCommandError(error)));
      return COULD_NOT_RUN;
    }
  },
};

async function init({ ports, flags, positionals }: Invocation): Promise<number> {
  const proposal = await propose(ports, flags, repositoryAt(ports.cwd, positionals));
  ports.stderr(surveyText(proposal));
  if (isEmpty(proposal)) {
    ports.stderr('tidelock: nothing to do: everything is in place.\n');
    ports.stderr(nextText(proposal, false));
    return 0;
  }
  ports.stdout(diffText(proposal));
  ports.stderr(asideText(proposal));
  if (!flags.isOn('yes')) {
    if (!ports.isInteractive) {
      ports.stderr('tidelock: nothing was written. To write it: the same command with --yes.\n');
      return NOT_WRITTEN;
    }
    if (!(await askYesOrNo(ports, 'Write this? (y/n) '))) {
      ports.stderr('tidelock: nothing was written.\n');
      return NOT_WRITTEN;
    }
  }
  const installed = await applyProposal(ports, proposal);
  ports.stderr(writtenText(proposal, installed));
  if (proposal.local !== null && isReadByOthers(proposal.local, ports))
    ports.stderr(`tidelock: others can read ${proposal.local.file}: chmod 600 it.\n`);
  ports.stderr(nextText(proposal, true));
  return 0;
}

function writtenText({ changes }: Proposal, installed: readonly string[]): string {
  const files = changes.map(({ path }) => `  ${path}\n`).join('');
  const hooks = installed.map((line) => `  ${line}\n`).join('');
  return `tidelock: written\n${files}${hooks}`;
}

/** @throws CommandError outside of a repository */
function repositoryAt(cwd: string, [shown = '.', second]: readonly string[]): string {
  if (second !== undefined)
    throw new CommandError(
      'ERR_USAGE',
      COULD_NOT_RUN,
      'init takes one folder',
      'tidelock init DIR',
    );
  const folder = resolve(cwd, shown);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new CommandError(
      'ERR_NO_FILE',
      COULD_NOT_RUN,
      `${shown} is no folder`,
      'Check the name.',
    );
  const root = repositoryOf(realpathSync(folder));
  if (root !== null) return root;
  throw new CommandError(
    'ERR_USAGE',
    COULD_NOT_RUN,
    `${shown === '.' ? 'this folder' : shown} is in no Git repository`,
    'git init first.',
  );
}

function asCommandError(error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  return new CommandError('ERR_GIT', COULD_NOT_RUN, error.message, error.hint);
}
