import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { askYesOrNo } from '../files/ask.ts';
import { repositoryOf } from '../files/repository.ts';
import { applyProposal, describeProposal, propose } from '../init/propose.ts';

export const initCommand: Command = {
  name: 'init',
  usage: 'init [--local] [--age RECIPIENT] [--yes]',
  summary: 'give a repository its creation rules and its hook',
  flags: [
    { names: ['yes', 'y'], kind: 'bool', help: 'do not ask' },
    { names: ['local'], kind: 'bool', help: 'make a local age key for a test environment' },
    {
      names: ['age', 'a'],
      kind: 'list',
      help: 'recipients of the creation rules',
      env: 'SOPS_AGE_RECIPIENTS',
    },
  ],
  async run({ ports, flags }) {
    const repository = repositoryOf(ports.cwd);
    if (repository === null) {
      throw new CommandError(
        'ERR_USAGE',
        1,
        'this folder is in no Git repository',
        'git init first.',
      );
    }
    const proposal = await propose(repository, {
      ports,
      isLocal: flags.isOn('local'),
      recipients: flags.list('age'),
    });
    ports.stdout(describeProposal(proposal));
    if (proposal.files.length === 0 && !proposal.installsHook) return 0;
    if (!flags.isOn('yes') && !(await askYesOrNo(ports, 'Write this? (y/n):'))) return 0;
    await applyProposal(repository, proposal, ports);
    return existsSync(join(repository, '.sops.yaml')) ? 0 : 1;
  },
};
