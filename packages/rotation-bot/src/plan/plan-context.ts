import type { AccessPolicy, CreationPolicy } from '@tidelock/guard';
import type { DataKeyHistory } from './data-key-history.ts';
import type { KeyStates } from './key-states.ts';

/** All that decides whether a file is due, besides the file. */
export interface PlanContext {
  readonly creation: CreationPolicy;
  /** null: there is no `.tidelock.yaml`. */
  readonly access: AccessPolicy | null;
  readonly keyStates: KeyStates;
  readonly now: Date;
  /** Asked for encrypted files alone. */
  readonly historyOf: (path: string) => DataKeyHistory;
}
