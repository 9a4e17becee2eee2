import { escapeTerminal, plural } from '@tidelock/guard';
import { namedGroups, openBaseTree } from '../plan/base-tree.ts';
import { filesOf } from '../plan/plan.ts';
import { planRepository } from '../plan/plan-repository.ts';
import type { BotPorts } from '../ports.ts';
import { botKeyServices } from '../rewrite/key-services.ts';
import { rewriteFiles } from '../rewrite/rewrite-plan.ts';
import type { Rewritten } from '../rewrite/rewritten.ts';
import { parseShard } from '../shard/shard-of.ts';
import { readArguments, readNow, usage } from './arguments.ts';
import { askerOf } from './ask-keys.ts';
import { DONE, SOME_LEFT_OUT } from './exit-codes.ts';
import { writeResults } from './write-results.ts';

/**
 * `apply --shard i/n --out FILE`: plans and rewrites a share of the files, and writes the results for
 * `merge`. The forge is not spoken to; the results hold ciphertext alone.
 * @returns the exit code
 * @throws GitError; TidelockError ERR_ARGUMENT, ERR_SHARD, ERR_CONFIG
 */
export async function rewriteShardCommand(
  args: readonly string[],
  ports: BotPorts,
): Promise<number> {
  const { text, isOn, positionals } = readArguments(args, {
    switches: ['ask-keys'],
    texts: ['shard', 'out', 'at', 'now'],
  });
  if (positionals.length > 0) throw usage(`apply takes no file: ${positionals[0]}`);
  const [share, out] = [text('shard'), text('out')];
  if (share === undefined || out === undefined)
    throw usage('apply --shard i/n needs --out FILE for its results');
  const shard = parseShard(share);
  const now = readNow(text('now'), () => ports.now());
  const base = await openBaseTree(ports.cwd, text('at') ?? 'HEAD', ports.env);
  const keys = botKeyServices(ports, namedGroups(base.creation));
  try {
    const askKeyStates = askerOf(isOn('ask-keys'), ports);
    const plan = await planRepository(base, { shard, now, askKeyStates });
    const files = new Map<string, Rewritten>();
    const rewriting = rewriteFiles(filesOf(plan), {
      readBase: base.readFile,
      services: keys.services,
      clock: ports,
    });
    for await (const { file, result } of rewriting) files.set(file.path, result);
    writeResults(out, ports.cwd, { plan, files });
    return reportLeftOut(files, ports);
  } finally {
    keys.clear();
    base.close();
  }
}

/** Names every file that was left out. @returns the exit code */
export function reportLeftOut(
  files: ReadonlyMap<string, Rewritten>,
  ports: BotPorts,
  done = 'rewritten and proved',
): number {
  let leftOut = 0;
  for (const [path, result] of files) {
    if (result.kind === 'rewritten') continue;
    leftOut++;
    ports.stderr(`left out ${escapeTerminal(path)}: ${escapeTerminal(result.reason)}\n`);
  }
  ports.stderr(`${plural(files.size - leftOut, 'file')} ${done}\n`);
  return leftOut > 0 ? SOME_LEFT_OUT : DONE;
}
