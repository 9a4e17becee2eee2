/**
 * Why a key service could not do it, in words of our own: texts of a server are never repeated, they
 * may hold what was sent to it.
 */
export class KmsFailure extends Error {
  readonly hint: string;
  /** May succeed when tried again. */
  readonly transient: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: string, hint: string, again: { readonly afterMs?: number } | null = null) {
    super(reason);
    this.name = 'KmsFailure';
    this.hint = hint;
    this.transient = again !== null;
    this.retryAfterMs = again?.afterMs;
  }
}

/** The service answered, and it knows no such key. */
export class NoSuchKey extends KmsFailure {}

/** The name of an error of a server, when it is nothing but a name. */
export function errorName(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.]{0,63}$/.test(value) ? value : null;
}
