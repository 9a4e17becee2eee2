import { isSopsConfig, Side, tidelockPolicyIn } from '@tidelock/check';
import type { KeyGroup } from '@tidelock/core';
import { type Env, ObjectReader, openRepository, type Repository } from '@tidelock/git';
import { AccessPolicy, CreationPolicy, Source } from '@tidelock/guard';
import { isInShard } from '../shard/shard-of.ts';
import { CODEOWNERS_PATHS, CodeOwners } from './codeowners.ts';
import { UNKNOWN_HISTORY } from './data-key-history.ts';
import { keyStateProblems } from './key-state-problems.ts';
import type { KeyStates } from './key-states.ts';
import { PlanBuilder } from './make-plan.ts';
import type { Plan, Shard } from './plan.ts';
import { planFile } from './plan-file.ts';
import { RepositoryHistory } from './repository-history.ts';

export interface PlanRepositoryOptions {
  readonly env: Env;
  /** Any folder of the repository. */
  readonly folder: string;
  /** The base: a branch, a tag, a commit. */
  readonly revision: string;
  readonly shard: Shard | null;
  readonly now: Date;
  /** Asks about the keys that the creation rules name. */
  readonly askKeyStates: (named: readonly KeyGroup[]) => Promise<KeyStates>;
}

/** Files held in memory at a time. */
const BATCH = 256;

/**
 * The plan for one commit of a local repository, by the policy of that very commit. Looks at nothing
 * in the work tree.
 * @throws GitError; TidelockError ERR_CONFIG when the policy does not parse
 */
export async function planRepository(options: PlanRepositoryOptions): Promise<Plan> {
  const repository = await openRepository(options.folder, options.env);
  const reader = new ObjectReader(repository.git);
  try {
    const base = await Side.open(repository, options.revision, reader);
    return await planTree({ ...options, repository, reader, base });
  } finally {
    reader.close();
  }
}

interface Planning extends PlanRepositoryOptions {
  readonly repository: Repository;
  readonly reader: ObjectReader;
  readonly base: Side;
}

async function planTree(planning: Planning): Promise<Plan> {
  const { base, now, shard, repository, reader } = planning;
  const files = await base.policyFiles();
  // An allow entry that has run out is for the check to report, and stops no rotation.
  const policy = tidelockPolicyIn(files, new Date(0));
  const access = policy === null ? null : new AccessPolicy(policy, { now });
  const creation = new CreationPolicy(files.filter(({ path }) => isSopsConfig(path)));
  const keyStates = await planning.askKeyStates(namedGroups(creation));
  const rotation = policy?.rotation ?? null;
  const builder = new PlanBuilder({
    base: base.commit,
    shard,
    groupBy: rotation?.groupBy ?? 'rule',
    owners: await readCodeOwners(base),
    maxOpen: rotation?.maxOpen ?? null,
    reviewers: rotation?.reviewers ?? null,
  });
  for (const problem of keyStateProblems(creation, { keyStates, access, now }))
    builder.addProblem(problem);
  const context = { creation, access, keyStates, now, historyOf: () => UNKNOWN_HISTORY };
  const candidates: string[] = [];
  for await (const { source, isUnread } of filesOf(base, shardOf(base, shard))) {
    const isCovered =
      creation.ruleFor(source.path) !== null || access?.rulesFor(source.path).length;
    if (isUnread && isCovered) {
      const reason = 'it is too large or cannot be read: see to it by hand';
      builder.addProblem({ path: source.path, reason });
    }
    if (mayBeEncrypted(source)) candidates.push(source.path);
    else builder.add({ state: 'plain', file: null, rule: null, problems: [] });
  }
  const paths = new Set(candidates);
  const history = await RepositoryHistory.open(repository, { commit: base.commit, paths, reader });
  for await (const { source } of filesOf(base, candidates)) {
    const known = await history.of(source);
    builder.add(planFile(source, { ...context, historyOf: () => known }));
  }
  return builder.build();
}

const namedGroups = (creation: CreationPolicy): readonly KeyGroup[] =>
  creation.configs.flatMap(({ config }) =>
    (config.creationRules ?? []).flatMap((rule) => creation.keyGroupsOf(rule) ?? []),
  );

/** Regular files alone: what a link points to is a file of its own. */
function shardOf(base: Side, shard: Shard | null): readonly string[] {
  return [...base.entries.values()]
    .filter(({ path, mode }) => mode.startsWith('100') && isInShard(path, shard))
    .map(({ path }) => path);
}

interface TreeFile {
  readonly source: Source;
  readonly isUnread: boolean;
}

async function* filesOf(base: Side, paths: readonly string[]): AsyncGenerator<TreeFile> {
  for (let from = 0; from < paths.length; from += BATCH) {
    const { sources, unread } = await base.read(paths.slice(from, from + BATCH));
    for (const { path, bytes } of sources) {
      const mode = base.entries.get(path)?.mode === '100755' ? '100755' : '100644';
      yield { source: new Source(path, bytes, { mode }), isUnread: false };
    }
    for (const { path } of unread)
      yield { source: new Source(path, new Uint8Array()), isUnread: true };
  }
}

const MARK = Buffer.from('sops');

function mayBeEncrypted({ bytes }: Source): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(MARK);
}

async function readCodeOwners(base: Side): Promise<CodeOwners | null> {
  const path = CODEOWNERS_PATHS.find((name) => base.entries.get(name)?.mode.startsWith('100'));
  const { sources } = await base.read(path === undefined ? [] : [path]);
  const text = sources[0]?.text ?? null;
  return text === null ? null : new CodeOwners(text);
}
