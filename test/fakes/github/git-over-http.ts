import { spawn, spawnSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Caller } from './accounts.ts';
import { isEnough } from './accounts.ts';
import { GIT_ENVIRONMENT } from './bare-repository.ts';

let backend: string | null = null;
const theBackend = () => {
  backend ??= join(
    spawnSync('git', ['--exec-path'], { encoding: 'utf8' }).stdout.trim(),
    'git-http-backend',
  );
  return backend;
};

/** Clone, fetch and push by Git's own server program, by the rules of CGI. */
export function serveGit(
  [incoming, outgoing]: readonly [IncomingMessage, ServerResponse],
  { url, gitDir, pathInfo, caller }: GitRequest,
): void {
  const isPush =
    url.pathname.endsWith('/git-receive-pack') ||
    url.searchParams.get('service') === 'git-receive-pack';
  if (caller === null) {
    outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="fake"' }).end();
    return;
  }
  if (!isEnough(caller.permissions.contents, isPush ? 'write' : 'read')) {
    outgoing.writeHead(403).end('Write access to repository not granted.');
    return;
  }
  const child = spawn(theBackend(), [], {
    env: {
      ...GIT_ENVIRONMENT,
      PATH: process.env.PATH ?? '',
      GIT_PROJECT_ROOT: gitDir,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathInfo,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: incoming.method ?? 'GET',
      CONTENT_TYPE: incoming.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: incoming.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(incoming.headers['git-protocol'] ?? ''),
      REMOTE_USER: caller.login,
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  incoming.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  answer(child.stdout, outgoing);
  child.on('error', () => outgoing.destroy());
}

interface GitRequest {
  readonly url: URL;
  readonly gitDir: string;
  /** Behind the repository's own path. */
  readonly pathInfo: string;
  readonly caller: Caller | null;
}

/** Turns the header lines of CGI into those of HTTP, and hands on the rest as it comes. */
function answer(stdout: NodeJS.ReadableStream, outgoing: ServerResponse): void {
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    stdout.off('data', onData);
    let status = 200;
    for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
      const colon = line.indexOf(':');
      const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
      if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
      else outgoing.setHeader(name, value);
    }
    outgoing.writeHead(status);
    outgoing.write(head.subarray(end + 4));
    stdout.pipe(outgoing);
  };
  stdout.on('data', onData);
}
