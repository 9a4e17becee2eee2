import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts, type Caller } from './accounts.ts';
import { answerApp } from './app-routes.ts';
import { BareRepository } from './bare-repository.ts';
import { ForgeAnswer, ForgeRepository, type ForgeState } from './forge-state.ts';
import { serveGit } from './git-over-http.ts';
import { answerGraphql, parseOperation } from './graphql-api.ts';
import { type ForgeCall, type ForgeFault, takeFault, type Watcher } from './journal.ts';
import { ForgePerson } from './people.ts';
import { answerRest, type RestAnswer } from './rest-api.ts';

/** A GitHub (Enterprise by its paths) on the loopback, with real Git repositories behind it. */
export interface FakeGithub {
  readonly url: string;
  readonly apiUrl: string;
  readonly accounts: Accounts;
  readonly journal: ForgeCall[];
  readonly faults: ForgeFault[];
  watch: Watcher | null;
  addRepository(owner: string, name: string): ForgeRepository;
  cloneUrl(repository: ForgeRepository, token?: string): string;
  person(login: string, repository: ForgeRepository): ForgePerson;
  close(): Promise<void>;
}

export async function startFakeGithub(): Promise<FakeGithub> {
  const folder = mkdtempSync(join(tmpdir(), 'fake-github-'));
  const state: ForgeState = { accounts: new Accounts(), repositories: new Map() };
  const server = new ForgeServer(state);
  const http = createServer((incoming, outgoing) => {
    server.serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return Object.assign(server, {
    url,
    apiUrl: `${url}/api/v3`,
    accounts: state.accounts,
    addRepository(owner: string, name: string) {
      const git = BareRepository.create(join(folder, `${owner}-${name}.git`));
      const repository = new ForgeRepository(owner, name, git);
      state.repositories.set(repository.fullName.toLowerCase(), repository);
      return repository;
    },
    cloneUrl(repository: ForgeRepository, token?: string) {
      const clone = new URL(`${url}/${repository.fullName}.git`);
      if (token !== undefined)
        Object.assign(clone, { username: 'x-access-token', password: token });
      return clone.href;
    },
    person: (login: string, repository: ForgeRepository) => new ForgePerson(login, repository),
    async close() {
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** One request after the other, as far as what it changes is concerned. */
class ForgeServer {
  readonly journal: ForgeCall[] = [];
  readonly faults: ForgeFault[] = [];
  watch: Watcher | null = null;
  readonly #state: ForgeState;

  constructor(state: ForgeState) {
    this.#state = state;
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'fake'}`);
    const git = /^\/([^/]+\/[^/]+)\.git(\/.*)$/.exec(url.pathname);
    if (git !== null) return this.#serveGit([incoming, outgoing], url, git);
    const text = await readBody(incoming);
    const call = callOf(incoming.method ?? 'GET', url, text);
    const fault = takeFault(this.faults, call.name);
    await this.watch?.(call.name, 'before');
    const caller = this.#state.accounts.caller(incoming.headers.authorization);
    const answer =
      fault === undefined || fault.after === true
        ? await this.#answer(call, {
            url,
            text,
            caller,
            authorization: incoming.headers.authorization,
          })
        : { status: 500, body: {} };
    const shown = fault === undefined ? answer : faultAnswer(fault, call);
    const [method = '', path = ''] = call.name.split(' ');
    this.journal.push({
      kind: call.isWrite ? 'write' : 'read',
      method,
      path,
      login: caller?.login ?? '',
      status: shown.status,
    });
    await this.watch?.(call.name, 'after');
    if (fault?.kind === 'cut') incoming.socket.destroy();
    else send(outgoing, shown);
  }

  #serveGit(
    pair: readonly [IncomingMessage, ServerResponse],
    url: URL,
    [, name = '', pathInfo = '']: RegExpExecArray,
  ): void {
    const repository = this.#state.repositories.get(name.toLowerCase());
    const caller = this.#state.accounts.gitCaller(pair[0].headers.authorization);
    const method = pair[0].method ?? 'GET';
    const kind = method === 'POST' && pathInfo === '/git-receive-pack' ? 'write' : 'read';
    this.journal.push({
      kind,
      method,
      path: url.pathname,
      login: caller?.login ?? '',
      status: 200,
    });
    if (repository === undefined) pair[1].writeHead(404).end();
    else serveGit(pair, { url, gitDir: repository.git.gitDir, pathInfo, caller });
  }

  async #answer(call: Call, request: Received): Promise<RestAnswer> {
    try {
      return await this.#perform(call, request);
    } catch (error) {
      if (!(error instanceof ForgeAnswer)) throw error;
      const { status, message, errors, headers } = error;
      return { status, headers, body: { message, errors, documentation_url: DOCUMENTATION } };
    }
  }

  async #perform(call: Call, { url, text, caller, authorization }: Received): Promise<RestAnswer> {
    const path = url.pathname.replace(/^\/api\/v3/, '');
    const app = answerApp(this.#state, { method: call.method, path, authorization });
    if (app !== null) return app;
    if (caller === null) throw new ForgeAnswer(401, 'Bad credentials');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (call.graphql !== null) {
      const variables = (body.variables ?? {}) as Record<string, unknown>;
      const result = await answerGraphql(this.#state, call.graphql, { caller, variables });
      return { status: 200, body: result };
    }
    const rest = new URL(url);
    rest.pathname = path;
    const answer = answerRest(this.#state, { method: call.method, url: rest, body, caller });
    const link = answer.headers?.link?.replace('/repos/', '/api/v3/repos/');
    return link === undefined ? answer : { ...answer, headers: { ...answer.headers, link } };
  }
}

const DOCUMENTATION = 'https://docs.github.com/rest';

interface Received {
  readonly url: URL;
  readonly text: string;
  readonly caller: Caller | null;
  readonly authorization: string | undefined;
}

interface Call {
  readonly method: string;
  readonly name: string;
  readonly isWrite: boolean;
  readonly graphql: ReturnType<typeof parseOperation> | null;
}

function callOf(method: string, url: URL, text: string): Call {
  const path = url.pathname.replace(/^\/api\/v3/, '');
  if (url.pathname !== '/api/graphql' && path !== '/graphql') {
    const isWrite = method !== 'GET' && method !== 'HEAD' && !path.startsWith('/app/');
    return { method, name: `${method} ${path}`, isWrite, graphql: null };
  }
  const graphql = parseOperation(String((JSON.parse(text) as { query: unknown }).query));
  const name = `${graphql.kind.toUpperCase()} ${graphql.name}`;
  return { method, name, isWrite: graphql.kind === 'mutation', graphql };
}

function faultAnswer({ kind, retryAfter = '1' }: ForgeFault, { graphql }: Call): RestAnswer {
  switch (kind) {
    case 'bad-gateway':
    case 'cut':
      return { status: 502, body: { message: 'Server Error' } };
    case 'secondary-limit':
      return {
        status: 403,
        headers: { 'retry-after': retryAfter },
        body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
      };
    case 'forbidden':
      return {
        status: 403,
        headers: { 'x-accepted-github-permissions': 'contents=write' },
        body: { message: 'Resource not accessible by integration' },
      };
    case 'stale':
      if (graphql === null) return { status: 422, body: { message: 'Reference update failed' } };
      return {
        status: 200,
        body: {
          data: null,
          errors: [{ type: 'STALE_DATA', message: 'Expected branch to point to another commit' }],
        },
      };
  }
}

function send(outgoing: ServerResponse, { status, headers, body }: RestAnswer): void {
  const limits = { 'x-ratelimit-remaining': '4999', 'x-ratelimit-limit': '5000' };
  const type = { 'content-type': 'application/json; charset=utf-8' };
  outgoing.writeHead(status, { ...type, ...limits, ...headers });
  outgoing.end(status === 204 ? undefined : JSON.stringify(body));
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
