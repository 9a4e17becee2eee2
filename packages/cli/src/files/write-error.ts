export type WriteErrorCode =
  | 'ERR_IS_DIRECTORY'
  | 'ERR_HARD_LINK'
  | 'ERR_OTHER_OWNER'
  | 'ERR_CHANGED_MEANWHILE'
  | 'ERR_DANGLING_LINK'
  | 'ERR_DISK_FULL'
  | 'ERR_READ_ONLY'
  | 'ERR_BIND_MOUNT'
  | 'ERR_NO_FOLDER'
  | 'ERR_WRITE';

/** A file that could not be written. It is as it was, unless `--in-place=truncate` was asked for. */
export class WriteError extends Error {
  readonly code: WriteErrorCode;
  readonly hint: string;

  constructor(code: WriteErrorCode, message: string, hint: string) {
    super(message);
    this.name = 'WriteError';
    this.code = code;
    this.hint = hint;
  }
}
