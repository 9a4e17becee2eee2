import { TidelockError } from '../errors.ts';
import { formatDataKeyReport } from './data-key-report.ts';

export interface KeyAttempt {
  /** sops' id string of the master key. */
  readonly id: string;
  /** Why each key service failed, in the order asked. */
  readonly reasons: readonly string[];
}

export interface GroupAttempts {
  readonly success: boolean;
  /** The keys that failed; those behind a success were not tried. */
  readonly keys: readonly KeyAttempt[];
}

export interface DataKeyFailure {
  readonly groups: readonly GroupAttempts[];
  /** Parts needed; 1 for a file with one group. */
  readonly needed: number;
}

/** No way to the data key: says of each group and key why (SOPS-FORMAT 9.5). */
export class DataKeyError extends TidelockError {
  readonly groups: readonly GroupAttempts[];
  readonly needed: number;

  constructor(failure: DataKeyFailure, path?: string) {
    super('ERR_DATA_KEY_UNAVAILABLE', summary(failure), {
      hint: 'Give the identity or the credentials of one of the keys; the report says what was tried.',
      ...(path === undefined ? {} : { path }),
    });
    this.name = 'DataKeyError';
    this.groups = failure.groups;
    this.needed = failure.needed;
  }

  /** The text that sops prints, with the same layout. Texts in it come from files: make it safe to show. */
  get report(): string {
    return formatDataKeyReport(this);
  }

  override inFile(path: string): DataKeyError {
    return this.path === undefined ? new DataKeyError(this, path) : this;
  }
}

function summary({ groups, needed }: DataKeyFailure): string {
  const keys = groups.reduce((count, group) => count + group.keys.length, 0);
  if (groups.length === 1) return `None of the ${keys} keys tried opens this file`;
  const opened = groups.filter((group) => group.success).length;
  return `${opened} of ${groups.length} key groups opened, ${needed} are needed`;
}
