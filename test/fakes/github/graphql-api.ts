import { schema as githubSchema } from '@octokit/graphql-schema';
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  validate,
} from 'graphql';
import { type Caller, isEnough, personOf, WEB_FLOW } from './accounts.ts';
import { type FileChange, ZERO_OID } from './bare-repository.ts';
import { ForgeAnswer, type ForgeRepository, type ForgeState } from './forge-state.ts';
import { requirePermissions } from './rest-api.ts';

let schema: GraphQLSchema | null = null;
/** GitHub's own schema: what it does not allow is refused before anything runs. */
const theSchema = () => {
  schema ??= buildSchema(githubSchema.idl, { assumeValidSDL: true });
  return schema;
};

export interface GraphqlOperation {
  readonly kind: 'query' | 'mutation';
  /** The operation's name, else its first field. */
  readonly name: string;
  readonly document: DocumentNode;
}

/** @throws GraphQLError when it is no GraphQL */
export function parseOperation(query: string): GraphqlOperation {
  const document = parse(query);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const [field] = definition.selectionSet.selections;
    const first = field?.kind === Kind.FIELD ? field.name.value : '';
    const kind = definition.operation === 'mutation' ? 'mutation' : 'query';
    return {
      kind,
      name: kind === 'mutation' ? first : (definition.name?.value ?? first),
      document,
    };
  }
  throw new GraphQLError('A query attribute must be specified.');
}

/** Runs an operation as GitHub does: always 200, troubles in `errors`. */
export async function answerGraphql(
  state: ForgeState,
  { document }: GraphqlOperation,
  { caller, variables }: { caller: Caller; variables: Readonly<Record<string, unknown>> },
): Promise<unknown> {
  const errors = validate(theSchema(), document);
  if (errors.length > 0) return { errors };
  const rootValue = {
    viewer: { login: caller.login },
    repository: ({ owner, name }: { owner: string; name: string }) =>
      repositoryNode(find(state, `${owner}/${name}`)),
    createCommitOnBranch: ({ input }: { input: CommitInput }) => createCommit(state, caller, input),
    updateRefs: ({ input }: { input: RefsInput }) => updateRefs(state, caller, input),
  };
  const result = await execute({
    schema: theSchema(),
    document,
    rootValue,
    variableValues: variables,
    fieldResolver: (source, args, context, info) => {
      const value = (source as Record<string, unknown>)[info.fieldName];
      return typeof value === 'function' ? value.call(source, args, context) : value;
    },
  });
  const typed = result.errors?.map((error) => ({
    type: error.originalError instanceof ForgeAnswer ? error.originalError.type : 'INTERNAL',
    path: error.path,
    message: error.message,
  }));
  return { data: result.data, ...(typed === undefined ? {} : { errors: typed }) };
}

function find({ repositories }: ForgeState, fullName: string): ForgeRepository {
  const repository = repositories.get(fullName.toLowerCase());
  if (repository !== undefined) return repository;
  throw new ForgeAnswer(404, `Could not resolve to a Repository with the name '${fullName}'.`, {
    type: 'NOT_FOUND',
  });
}

function repositoryNode(repository: ForgeRepository) {
  const refNode = (name: string) => {
    const oid = repository.git.branch(name);
    return oid === null ? null : { name, target: { __typename: 'Commit', oid } };
  };
  return {
    id: Buffer.from(repository.fullName).toString('base64url'),
    nameWithOwner: repository.fullName,
    isArchived: repository.isArchived,
    defaultBranchRef: refNode('main'),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      refNode(qualifiedName.replace(/^refs\/heads\//, '')),
    mergeQueue: () => (repository.hasMergeQueue ? { id: 'MQ_1' } : null),
    pullRequest: ({ number }: { number: number }) => {
      const { isQueued } = repository.pull(number);
      return { number, isInMergeQueue: isQueued };
    },
  };
}

interface CommitInput {
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions?: readonly { readonly path: string }[];
  };
}

/** Always signed by the forge. A mode of before is kept by nothing here: 100644. */
function createCommit(state: ForgeState, caller: Caller, input: CommitInput) {
  const { branch, expectedHeadOid, message, fileChanges } = input;
  const repository = find(state, branch.repositoryNameWithOwner);
  requireWrite(repository, caller);
  const { git } = repository;
  const current = git.branch(branch.branchName);
  if (current === null)
    throw new ForgeAnswer(422, `No branch named ${branch.branchName}`, { type: 'NOT_FOUND' });
  if (current !== expectedHeadOid)
    throw new ForgeAnswer(
      422,
      `Expected branch to point to "${expectedHeadOid}" but it did not. Pull and try again.`,
      { type: 'STALE_DATA' },
    );
  const changes: FileChange[] = [
    ...(fileChanges.additions ?? []).map(({ path, contents }) => ({
      path,
      oid: git.writeBlob(Buffer.from(contents, 'base64')),
    })),
    ...(fileChanges.deletions ?? []).map(({ path }) => ({ path, oid: null })),
  ];
  const text = [message.headline, message.body ?? ''].filter((part) => part !== '').join('\n\n');
  const oid = git.commitTree(git.treeWith(current, changes), [current], {
    message: text,
    author: personOf(caller.login),
    committer: WEB_FLOW,
  });
  repository.verified.add(oid);
  const name = `refs/heads/${branch.branchName}`;
  repository.updateRefs([{ name, before: current, after: oid, isForced: false }]);
  return { commit: { oid, url: 'https://github.example/' } };
}

interface RefsInput {
  readonly repositoryId: string;
  readonly refUpdates: readonly {
    readonly name: string;
    readonly beforeOid?: string;
    readonly afterOid: string;
    readonly force?: boolean;
  }[];
}

function updateRefs(state: ForgeState, caller: Caller, { repositoryId, refUpdates }: RefsInput) {
  const repository = find(state, Buffer.from(repositoryId, 'base64url').toString('utf8'));
  requireWrite(repository, caller);
  const isStale = refUpdates.some(
    ({ name, beforeOid }) =>
      beforeOid !== undefined && (repository.git.ref(name) ?? ZERO_OID) !== beforeOid,
  );
  if (isStale) throw new ForgeAnswer(422, 'Reference update failed', { type: 'STALE_DATA' });
  repository.updateRefs(
    refUpdates.map(({ name, beforeOid, afterOid, force }) => ({
      name,
      before: beforeOid ?? null,
      after: afterOid,
      isForced: force === true,
    })),
  );
  return { clientMutationId: null };
}

function requireWrite(repository: ForgeRepository, caller: Caller): void {
  if (repository.isArchived) throw new ForgeAnswer(403, 'Repository was archived so is read-only.');
  if (isEnough(caller.permissions.contents, 'write')) return;
  requirePermissions(caller, [{ contents: 'write' }]);
}
