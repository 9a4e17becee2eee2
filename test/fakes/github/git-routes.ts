import { loginOf, personOf, WEB_FLOW } from './accounts.ts';
import { type CommitInfo, type FileChange, ZERO_OID } from './bare-repository.ts';
import { ForgeAnswer, type ForgeRepository } from './forge-state.ts';
import { page, type RestRequest, type Route, textOf } from './rest-api.ts';

const READ = [{ contents: 'read' }] as const;
const WRITE = [{ contents: 'write' }] as const;
const MOST_FILES = 300;
const MOST_COMMITS = 250;

export const gitRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/git\/matching-refs\/heads\/(.*)$/,
    needs: READ,
    handle: ({ repository, parts: [prefix = ''] }) => ({
      status: 200,
      body: repository.git.branches(prefix).map(({ name, oid }) => ({
        ref: `refs/heads/${name}`,
        object: { type: 'commit', sha: oid },
      })),
    }),
  },
  {
    method: 'GET',
    path: /^\/git\/trees\/([^/]+)$/,
    needs: READ,
    handle: ({ repository, url, parts: [name = ''] }) => {
      const entries = repository.git.tree(name, url.searchParams.has('recursive'));
      if (entries === null) throw new ForgeAnswer(404, 'Not Found');
      const tree = entries.map(({ oid, size, ...rest }) => ({
        ...rest,
        sha: oid,
        ...(size === null ? {} : { size }),
      }));
      return { status: 200, body: { sha: name, tree, truncated: false } };
    },
  },
  {
    method: 'GET',
    path: /^\/git\/blobs\/([0-9a-f]{40})$/,
    needs: READ,
    handle: ({ repository, parts: [oid = ''] }) => {
      const bytes = repository.git.readBlob(oid);
      if (bytes === null) throw new ForgeAnswer(404, 'Not Found');
      const content = bytes.toString('base64').replace(/.{60}/g, '$&\n');
      return { status: 200, body: { sha: oid, size: bytes.length, content, encoding: 'base64' } };
    },
  },
  { method: 'GET', path: /^\/compare\/(.+)\.\.\.(.+)$/, needs: READ, handle: compare },
  {
    method: 'POST',
    path: /^\/git\/blobs$/,
    needs: WRITE,
    handle: ({ repository, body }) => {
      const encoding = body.encoding === 'base64' ? 'base64' : 'utf8';
      const bytes = Buffer.from(textOf(body, 'content'), encoding);
      return { status: 201, body: { sha: repository.git.writeBlob(bytes) } };
    },
  },
  { method: 'POST', path: /^\/git\/trees$/, needs: WRITE, handle: makeTree },
  { method: 'POST', path: /^\/git\/commits$/, needs: WRITE, handle: makeCommit },
  {
    method: 'POST',
    path: /^\/git\/refs$/,
    needs: WRITE,
    handle: ({ repository, body }) => {
      const [name, after] = [textOf(body, 'ref'), textOf(body, 'sha')];
      if (repository.git.ref(name) !== null) throw new ForgeAnswer(422, 'Reference already exists');
      repository.updateRefs([{ name, before: ZERO_OID, after, isForced: false }]);
      return { status: 201, body: { ref: name, object: { type: 'commit', sha: after } } };
    },
  },
  {
    method: 'DELETE',
    path: /^\/git\/refs\/(heads\/.+)$/,
    needs: WRITE,
    handle: ({ repository, parts: [name = ''] }) => {
      if (repository.git.ref(`refs/${name}`) === null)
        throw new ForgeAnswer(422, 'Reference does not exist');
      const change = { name: `refs/${name}`, before: null, after: ZERO_OID, isForced: true };
      repository.updateRefs([change]);
      return { status: 204, body: '' };
    },
  },
];

function compare({ repository, url, parts: [base = '', head = ''] }: RestRequest) {
  const { git } = repository;
  const [from, to] = [git.ref(`${base}^{commit}`), git.ref(`${head}^{commit}`)];
  const common = from === null || to === null ? null : git.mergeBase(from, to);
  if (from === null || to === null || common === null) throw new ForgeAnswer(404, 'Not Found');
  const commits = git.commitsBetween(from, to);
  const listed = page(
    url,
    commits.slice(0, MOST_COMMITS).map((one) => commitBody(repository, one)),
  );
  return {
    ...listed,
    body: {
      status: commits.length === 0 ? 'identical' : 'ahead',
      merge_base_commit: commitBody(repository, git.commit(common)),
      total_commits: commits.length,
      commits: listed.body,
      files: git.changedPaths(common, to).slice(0, MOST_FILES),
    },
  };
}

function commitBody({ verified }: ForgeRepository, commit: CommitInfo) {
  const { oid, parents, tree, author, committer, message, date } = commit;
  const account = (login: string | null) => (login === null ? null : { login });
  return {
    sha: oid,
    parents: parents.map((sha) => ({ sha })),
    commit: {
      message,
      author: { ...author, date },
      committer: { ...committer, date },
      tree: { sha: tree },
      verification: {
        verified: verified.has(oid),
        reason: verified.has(oid) ? 'valid' : 'unsigned',
      },
    },
    author: account(loginOf(author)),
    committer:
      committer.email === WEB_FLOW.email ? { login: 'web-flow' } : account(loginOf(committer)),
  };
}

interface TreeRow {
  readonly path: string;
  readonly mode: string;
  readonly sha?: string | null;
  readonly content?: string;
}

function makeTree({ repository, body }: RestRequest) {
  const rows = (body.tree as readonly TreeRow[] | undefined) ?? [];
  const base = typeof body.base_tree === 'string' ? body.base_tree : null;
  const changes = rows.map(({ path, mode, sha, content }): FileChange => {
    const oid =
      content === undefined ? (sha ?? null) : repository.git.writeBlob(Buffer.from(content));
    if (oid !== null && repository.git.readBlob(oid) === null)
      throw new ForgeAnswer(422, 'tree.sha is not a valid blob');
    return { path, mode, oid };
  });
  return { status: 201, body: { sha: repository.git.treeWith(base, changes) } };
}

/** Signed by the forge only for what is no person, and only when nobody is named. */
function makeCommit({ repository, body, caller }: RestRequest) {
  const author = personOf(caller.login);
  const isSigned = caller.kind !== 'user' && body.author === undefined;
  const oid = repository.git.commitTree(textOf(body, 'tree'), body.parents as readonly string[], {
    message: textOf(body, 'message'),
    author,
    committer: isSigned ? WEB_FLOW : author,
  });
  if (isSigned) repository.verified.add(oid);
  return { status: 201, body: { sha: oid } };
}
