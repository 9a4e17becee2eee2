/** What the key services ask of the network. The edges pass `nodeConnect()`, tests a fake. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/**
 * Sends one request and reads the whole answer; follows no redirect. Rejects with an error that has
 * a `code` (ECONNRESET, ...) when there is no answer.
 */
export type HttpSend = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** PEM texts. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
}

/** Opens connections of their own for a set of TLS options. */
export type Connect = (tls?: TlsOptions) => HttpSend;
