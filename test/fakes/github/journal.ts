/** One request that the forge received. Never a token, never a body. */
export interface ForgeCall {
  readonly kind: 'read' | 'write';
  readonly method: string;
  /** Path of REST, or the name of the operation in GraphQL. */
  readonly path: string;
  readonly login: string;
  readonly status: number;
}

/** What goes wrong with a request. */
export interface ForgeFault {
  /** Strikes requests whose `METHOD path` it matches; for GraphQL `QUERY name` or `MUTATION name`. */
  readonly on: RegExp;
  readonly kind: 'bad-gateway' | 'secondary-limit' | 'forbidden' | 'stale' | 'cut';
  /** It happens and the answer is lost. */
  readonly after?: boolean;
  /** How many requests it strikes; 1 unless said. */
  times?: number;
  readonly retryAfter?: string;
}

/** Called before a request is served and after it was, so that a test can act in between. */
export type Watcher = (call: string, phase: 'before' | 'after') => void | Promise<void>;

/** The first fault for the request, used up by it. */
export function takeFault(faults: ForgeFault[], call: string): ForgeFault | undefined {
  const index = faults.findIndex(({ on }) => on.test(call));
  const fault = faults[index];
  if (fault === undefined) return undefined;
  const times = (fault.times ?? 1) - 1;
  if (times <= 0) faults.splice(index, 1);
  else fault.times = times;
  return fault;
}
