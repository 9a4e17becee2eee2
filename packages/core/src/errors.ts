/**
 * Stable codes of everything that can go wrong. Documented in docs/reference/errors.md; a code never
 * changes its meaning. `exit-codes.ts` of the command maps them to sops' exit codes.
 */
export type ErrorCode =
  // reading a file
  | 'ERR_PARSE'
  | 'ERR_NOT_UTF8'
  | 'ERR_TOO_LARGE'
  | 'ERR_TOO_DEEP'
  | 'ERR_EMPTY_DOCUMENT'
  | 'ERR_NON_STRING_KEY'
  | 'ERR_NUMBER_RANGE'
  | 'ERR_UNKNOWN_FORMAT'
  // writing a file
  | 'ERR_EMIT'
  // metadata
  | 'ERR_NOT_ENCRYPTED'
  | 'ERR_ALREADY_ENCRYPTED'
  | 'ERR_METADATA'
  | 'ERR_SELECTION_CONFLICT'
  | 'ERR_REGEX'
  // cipher
  | 'ERR_TOKEN'
  | 'ERR_NOT_A_TOKEN'
  | 'ERR_MAC_MISMATCH'
  | 'ERR_MAC_UNREADABLE'
  | 'ERR_COMMENT_SELECTION'
  // keys
  | 'ERR_KEY_SPEC'
  | 'ERR_NO_KEYS'
  | 'ERR_KEY_WRAP'
  | 'ERR_KEY_UNWRAP'
  | 'ERR_IDENTITY'
  | 'ERR_DATA_KEY_UNAVAILABLE'
  | 'ERR_SHAMIR'
  | 'ERR_DECRYPTION_ORDER'
  | 'ERR_KMS_CONTEXT'
  // configuration
  | 'ERR_CONFIG'
  | 'ERR_CONFIG_NOT_FOUND'
  | 'ERR_NO_CREATION_RULE'
  | 'ERR_NO_DESTINATION'
  // publishing
  | 'ERR_PUBLISH'
  // manifests of Kubernetes and what is sealed in them
  | 'ERR_MANIFEST'
  | 'ERR_CERTIFICATE'
  | 'ERR_RECOVERY_KEY'
  | 'ERR_SEALED'
  // tree paths and values
  | 'ERR_TREE_PATH'
  | 'ERR_SET_VALUE'
  | 'ERR_PATH_NOT_FOUND'
  // verification of our own output
  | 'ERR_VERIFY'
  // rotation plans
  | 'ERR_ARGUMENT'
  | 'ERR_PLAN'
  | 'ERR_SHARD'
  // a forge and its requests for review
  | 'ERR_FORGE'
  | 'ERR_FORGE_LIMIT'
  | 'ERR_FORGE_NOT_FOUND'
  | 'ERR_FORGE_PERMISSION'
  | 'ERR_FORGE_PROTECTED'
  | 'ERR_FORGE_REMOTE'
  | 'ERR_FORGE_SETTING'
  | 'ERR_FORGE_STALE'
  | 'ERR_FORGE_TOKEN'
  | 'ERR_FORGE_UNCHECKED'
  | 'ERR_FORGE_UNREACHABLE';

/** A place in a file: 1-based line and column, column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ErrorDetails {
  /** What the reader should do now; one sentence, a command where there is one. */
  readonly hint?: string;
  readonly cause?: unknown;
  readonly position?: Position;
  /** The file it concerns, as the caller named it. The edge that knows the name adds it. */
  readonly path?: string;
}

/**
 * The one error class of all packages. `message` says what happened and never contains a value of a
 * file, a key or a token; `hint` says what to do now.
 */
export class TidelockError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly position: Position | undefined;
  readonly path: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'TidelockError';
    this.code = code;
    this.hint = details.hint;
    this.position = details.position;
    this.path = details.path;
  }

  /** The same error, saying which file it is about. */
  inFile(path: string): TidelockError {
    if (this.path !== undefined) return this;
    return new TidelockError(this.code, this.message, {
      path,
      cause: this.cause ?? this,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.position === undefined ? {} : { position: this.position }),
    });
  }
}
