import { relative, resolve, sep } from 'node:path';
import {
  type AccessReport,
  accessJson,
  accessMarkdown,
  accessText,
  policyFilesAbove,
  policyFilesIn,
  readFolder,
  Side,
  tidelockPolicyIn,
} from '@tidelock/check';
import { GitError, ObjectReader, openRepository } from '@tidelock/git';
import { accessChanges, accessTable, type Reader } from '@tidelock/guard';
import { requireFolder } from '../check/require-folder.ts';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { errorText } from '../error-text.ts';
import { repositoryOf } from '../files/repository.ts';

const COULD_NOT_RUN = 2;
const FORMATS: ReadonlyMap<string, (report: AccessReport) => string> = new Map([
  ['text', accessText],
  ['json', accessJson],
  ['markdown', accessMarkdown],
]);

export const accessCommand: Command = {
  name: 'access',
  usage: 'access [DIR]',
  summary: 'say who can read what, by what the files themselves say',
  flags: [
    { names: ['at'], kind: 'string', help: 'in this commit, instead of the work tree' },
    { names: ['base'], kind: 'string', help: 'who gains and loses what since this commit' },
    { names: ['format'], kind: 'string', help: 'text, json or markdown' },
    { names: ['json'], kind: 'bool', help: 'the same as --format json' },
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    const { ports, flags } = invocation;
    try {
      const write = FORMATS.get(flags.isOn('json') ? 'json' : (flags.text('format') ?? 'text'));
      if (write === undefined)
        throw new CommandError(
          'ERR_USAGE',
          COULD_NOT_RUN,
          'no such --format',
          'It is text, json or markdown.',
        );
      ports.stdout(write(await reportOf(invocation)));
      return 0;
    } catch (error) {
      const known =
        error instanceof GitError
          ? new CommandError('ERR_READ', COULD_NOT_RUN, error.message, error.hint)
          : error;
      ports.stderr(errorText(known));
      return COULD_NOT_RUN;
    }
  },
};

async function reportOf(invocation: Invocation): Promise<AccessReport> {
  const { ports, flags, positionals } = invocation;
  const [shown = '.'] = positionals;
  const folder = resolve(ports.cwd, shown);
  requireFolder(folder, shown);
  const root = repositoryOf(folder);
  const below = root === null ? '' : relative(root, folder).split(sep).join('/');
  const place: Place = { ...invocation, folder, root, prefix: below === '' ? '' : `${below}/` };
  const [at, base] = [flags.text('at'), flags.text('base')];
  const readers = at === undefined ? await inWorkTree(place) : await inCommit(place, at);
  if (base === undefined) return { readers, changes: null };
  return { readers, changes: accessChanges(await inCommit(place, base), readers) };
}

interface Place extends Invocation {
  readonly folder: string;
  readonly root: string | null;
  readonly prefix: string;
}

async function inWorkTree({ ports, folder, root, prefix }: Place): Promise<readonly Reader[]> {
  const { sources } = await readFolder(ports, folder, { repository: root });
  const above = root === null ? [] : await policyFilesAbove(ports, root, prefix);
  const policy = tidelockPolicyIn([...policyFilesIn(sources, prefix), ...above], ports.now());
  return accessTable(sources, policy);
}

/** Paths are relative to the folder, as in the work tree. */
async function inCommit(
  { ports, folder, prefix }: Place,
  revision: string,
): Promise<readonly Reader[]> {
  const repository = await openRepository(folder, ports.env);
  const reader = new ObjectReader(repository.git);
  try {
    const side = await Side.open(repository, revision, reader);
    const paths = [...side.entries.keys()].filter((path) => path.startsWith(prefix));
    const { sources } = await side.read(paths);
    const table = accessTable(sources, tidelockPolicyIn(await side.policyFiles(), ports.now()));
    return table.map((one) => ({
      ...one,
      files: one.files.map((file) => ({ ...file, path: file.path.slice(prefix.length) })),
    }));
  } finally {
    reader.close();
  }
}
