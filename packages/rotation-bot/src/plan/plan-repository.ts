import type { KeyGroup } from '@tidelock/core';
import { AccessPolicy, Source } from '@tidelock/guard';
import { isInShard } from '../shard/shard-of.ts';
import { type BaseTree, namedGroups } from './base-tree.ts';
import { CODEOWNERS_PATHS, CodeOwners } from './codeowners.ts';
import { keyStateProblems } from './key-state-problems.ts';
import type { KeyStates } from './key-states.ts';
import { PlanBuilder } from './make-plan.ts';
import { linksToElsewhere, storedElsewhere } from './not-in-commit.ts';
import type { KeyKnowledge, Plan, Shard } from './plan.ts';
import { planFile } from './plan-file.ts';
import { RepositoryHistory } from './repository-history.ts';

export interface PlanTreeOptions {
  readonly shard: Shard | null;
  readonly now: Date;
  /** Asks about the keys that the creation rules name. */
  readonly askKeyStates: (named: readonly KeyGroup[]) => Promise<KeyStates>;
}

/** Files held in memory at a time. */
const BATCH = 256;

/**
 * The plan for one commit, or for a shard of its files.
 * @throws GitError; TidelockError ERR_CONFIG when a `.sops.yaml` that governs a file has a mistake
 */
export async function planRepository(base: BaseTree, options: PlanTreeOptions): Promise<Plan> {
  const { creation, policy, side } = base;
  const { now, shard } = options;
  const access = policy === null ? null : new AccessPolicy(policy, { now });
  const keyStates = await options.askKeyStates(namedGroups(creation));
  const builder = new PlanBuilder({
    base: side.commit,
    shard,
    groupBy: policy?.rotation?.groupBy ?? 'rule',
    owners: await readCodeOwners(base),
    maxOpen: policy?.rotation?.maxOpen ?? null,
    reviewers: policy?.rotation?.reviewers ?? null,
    keyStates: knowledgeOf(keyStates),
  });
  for (const problem of keyStateProblems(creation, { keyStates, access, now }))
    builder.addProblem(problem);
  const isMeant = (path: string) => isCovered(path, base, access);
  const links = pathsOf(base, shard, '120000').filter(isMeant);
  for (const path of links.length === 0 ? [] : await linksToElsewhere(base, links))
    builder.addProblem({ path, reason: LOST_LINK });
  const candidates: string[] = [];
  for await (const { source, isUnread } of filesOf(base, pathsOf(base, shard, '100'))) {
    const { path } = source;
    const reason = isUnread ? UNREAD : storedElsewhere(source);
    if (reason !== null && isMeant(path)) builder.addProblem({ path, reason });
    if (mayBeEncrypted(source)) candidates.push(source.path);
    else builder.add({ state: 'plain', file: null, rule: null, problems: [] });
  }
  const history = await RepositoryHistory.open(base, new Set(candidates));
  for await (const { source } of filesOf(base, candidates)) {
    const known = await history.of(source);
    builder.add(planFile(source, { creation, access, keyStates, now, historyOf: () => known }));
  }
  return builder.build();
}

function knowledgeOf({ isAsked, unanswered }: KeyStates): KeyKnowledge {
  if (!isAsked) return 'not-asked';
  return unanswered.size === 0 ? 'known' : 'partly';
}

/** Of files whose mode begins so: 100 for regular ones. */
function pathsOf({ side }: BaseTree, shard: Shard | null, begin: string): readonly string[] {
  return [...side.entries.values()]
    .filter(({ path, mode }) => mode.startsWith(begin) && isInShard(path, shard))
    .map(({ path }) => path);
}

interface TreeFile {
  readonly source: Source;
  readonly isUnread: boolean;
}

async function* filesOf({ side }: BaseTree, paths: readonly string[]): AsyncGenerator<TreeFile> {
  for (let from = 0; from < paths.length; from += BATCH) {
    const { sources, unread } = await side.read(paths.slice(from, from + BATCH));
    for (const { path, bytes } of sources) {
      const mode = side.entries.get(path)?.mode === '100755' ? '100755' : '100644';
      yield { source: new Source(path, bytes, { mode }), isUnread: false };
    }
    for (const { path } of unread)
      yield { source: new Source(path, new Uint8Array()), isUnread: true };
  }
}

/** By a rule that means certain files, not all there are. */
function isCovered(path: string, { creation }: BaseTree, access: AccessPolicy | null): boolean {
  const governing = creation.ruleFor(path);
  if (governing !== null && !creation.isUniversal(governing.rule)) return true;
  return access?.rulesFor(path).some(({ encrypted }) => encrypted) === true;
}

const UNREAD = 'it is too large to be looked into, or cannot be read: see to it by hand';
const LOST_LINK =
  'it is a symbolic link to something that is not in the commit, so nobody can tell who reads that';

const MARK = Buffer.from('sops');

function mayBeEncrypted({ bytes }: Source): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(MARK);
}

async function readCodeOwners(base: BaseTree): Promise<CodeOwners | null> {
  for (const path of CODEOWNERS_PATHS) {
    const bytes = await base.readFile(path);
    if (bytes !== null) return new CodeOwners(new Source(path, bytes).text ?? '');
  }
  return null;
}
