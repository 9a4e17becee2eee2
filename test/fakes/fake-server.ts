import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One call that a fake received. Never holds a plaintext or a token. */
export interface JournalEntry {
  readonly operation: string;
  readonly key: string;
  readonly status: number;
}

/** What goes wrong with the next call; each fault is used up by one call. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'error'; readonly name: string; readonly status?: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'garbage' }
  /** Answers as if all were well, with another data key. */
  | { readonly kind: 'other-data-key' };

export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeAnswer {
  readonly operation: string;
  readonly key: string;
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeOptions {
  /** Answers after so long. */
  readonly latencyMs?: number;
  /** PEM; then the fake speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface FakeServer {
  readonly url: string;
  readonly journal: JournalEntry[];
  /** Put faults here; the first one strikes the next call. */
  readonly faults: Fault[];
  close(): Promise<void>;
}

interface Handler {
  answer(request: FakeRequest, fault: Fault | undefined): FakeAnswer;
  /** The wire form of an error by the service's own name for it. */
  error(name: string, status?: number): Pick<FakeAnswer, 'status' | 'body' | 'headers'>;
}

/** A server on the loopback that keeps a journal and injects faults. */
export async function startFake(handler: Handler, options: FakeOptions = {}): Promise<FakeServer> {
  const journal: JournalEntry[] = [];
  const faults: Fault[] = [];
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    const fault = faults.shift();
    const wait = fault?.kind === 'slow' ? fault.ms : (options.latencyMs ?? 0);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait).unref());
    if (fault?.kind === 'cut') {
      journal.push({ operation: 'cut', key: '', status: 0 });
      incoming.socket.destroy();
      return;
    }
    const answer = answerTo(handler, request, fault);
    journal.push({ operation: answer.operation, key: answer.key, status: answer.status });
    outgoing.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    outgoing.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  };
  const server =
    options.tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer(options.tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    journal,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(handler: Handler, request: FakeRequest, fault: Fault | undefined): FakeAnswer {
  const answer = handler.answer(request, fault);
  switch (fault?.kind) {
    case 'status': {
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      return { ...answer, status: fault.status, body: {}, headers };
    }
    case 'error':
      return { ...answer, ...handler.error(fault.name, fault.status) };
    case 'garbage':
      return { ...answer, status: 200, body: '<html>a proxy</html>' };
    default:
      return answer;
  }
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', 'http://fake'),
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** The JSON object of a request's body; {} when it is none. */
export function bodyOf(request: FakeRequest): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(request.body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
