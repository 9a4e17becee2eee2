import { createServer, type IncomingMessage, type Server } from 'node:http';

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

/** The part of the forge's REST interface that comments on pull requests need, over HTTP. */
export interface CommentForge {
  readonly url: string;
  readonly comments: Comment[];
  /** `METHOD path` of every request. */
  readonly requests: string[];
  /** Answers every write with this; null: as it should. */
  refuseWith: number | null;
  close(): Promise<void>;
}

const PAGE = 100;

/** @param login whom the token belongs to; null: a token that may not ask, as that of a workflow */
export async function startCommentForge(login: string | null): Promise<CommentForge> {
  let server: Server;
  const forge: CommentForge = {
    url: '',
    comments: [],
    requests: [],
    refuseWith: null,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  const answer = (method: string, url: URL, body: string): [number, unknown] => {
    if (url.pathname === '/user') return login === null ? [403, {}] : [200, { login }];
    if (method === 'GET') {
      const page = Number(url.searchParams.get('page') ?? 1);
      return [200, forge.comments.slice((page - 1) * PAGE, page * PAGE)];
    }
    if (forge.refuseWith !== null) return [forge.refuseWith, { message: 'refused' }];
    const text = (JSON.parse(body) as { body: string }).body;
    if (text.length > 65_536) return [422, { message: 'too long' }];
    const user = { login: login ?? 'github-actions[bot]' };
    if (method === 'POST') {
      const made = { id: forge.comments.length + 1, body: text, user };
      forge.comments.push(made);
      return [201, made];
    }
    const id = Number(url.pathname.split('/').at(-1));
    const index = forge.comments.findIndex((one) => one.id === id);
    const old = forge.comments[index];
    if (old === undefined) return [404, {}];
    forge.comments[index] = { ...old, body: text };
    return [200, forge.comments[index]];
  };
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    forge.requests.push(`${request.method ?? ''} ${url.pathname}`);
    const [status, value] = answer(request.method ?? '', url, await bodyOf(request));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(forge, { url: `http://127.0.0.1:${port}` });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
