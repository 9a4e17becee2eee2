export type CommandErrorCode =
  | 'ERR_USAGE'
  | 'ERR_NO_FILE'
  | 'ERR_READ'
  | 'ERR_CONFLICTING_FLAGS'
  | 'ERR_NOT_MODIFIED'
  | 'ERR_NO_EDITOR'
  | 'ERR_EDITOR_CONFLICT'
  | 'ERR_NEW_FILE_KEYS'
  | 'ERR_COMPLEX_VALUE'
  | 'ERR_UNSUPPORTED'
  | 'ERR_GIT'
  | 'ERR_SOME_FAILED'
  | 'ERR_INTERRUPTED'
  | 'ERR_CANCELED';

/** Something the command itself refuses, with the exit code sops has for it. */
export class CommandError extends Error {
  readonly code: CommandErrorCode;
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(code: CommandErrorCode, exitCode: number, message: string, hint?: string) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
