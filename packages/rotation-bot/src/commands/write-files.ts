import { TidelockError } from '@tidelock/core';
import { WorkTreeFile } from '@tidelock/git';
import { type BaseTree, openBaseTree } from '../plan/base-tree.ts';
import type { BotPorts } from '../ports.ts';
import type { Rewritten } from '../rewrite/rewritten.ts';
import { checkResults } from '../shard/check-results.ts';
import { readResults } from '../shard/results.ts';
import { readArguments, usage } from './arguments.ts';
import { reportLeftOut } from './rewrite-shard.ts';
import { readText } from './run.ts';

/**
 * `apply --results FILE --write`: puts the rewritten files into the work tree, for a forge that the bot
 * does not speak to. Prints the plan's digest when a file was written, and nothing when none was: the
 * same digest is the same request.
 * @returns the exit code
 * @throws GitError; TidelockError ERR_ARGUMENT, ERR_PLAN
 */
export async function writeFilesCommand(args: readonly string[], ports: BotPorts): Promise<number> {
  const { text, positionals } = readArguments(args, { texts: ['results'], switches: ['write'] });
  const path = text('results');
  if (path === undefined || positionals.length > 0)
    throw usage('apply --write takes --results FILE, and nothing else');
  const results = readResults(readText(path, ports));
  const base = await openBaseTree(ports.cwd, 'HEAD', ports.env);
  try {
    if (results.plan.base !== base.side.commit || results.plan.shard !== null)
      throw new TidelockError('ERR_PLAN', 'the results were not made from the commit at HEAD', {
        hint: 'Check that commit out, or make them anew; results of shards go through merge first.',
      });
    const { files } = await checkResults(results, base.readFile);
    const written = new Map<string, Rewritten>();
    for (const [name, result] of files) written.set(name, await writeOne(name, result, base));
    if ([...written.values()].some(({ kind }) => kind === 'rewritten'))
      ports.stdout(`${results.plan.digest}\n`);
    return reportLeftOut(written, ports, 'written');
  } finally {
    base.close();
  }
}

async function writeOne(path: string, result: Rewritten, base: BaseTree): Promise<Rewritten> {
  if (result.kind === 'left-out') return result;
  const before = await base.readFile(path);
  const file = new WorkTreeFile(base.repository.root, path);
  try {
    if (before !== null && (await file.replace(before, result.bytes))) return result;
    return { kind: 'left-out', reason: 'the work tree holds another file in its place' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    return { kind: 'left-out', reason: `it could not be written (${code})` };
  }
}
