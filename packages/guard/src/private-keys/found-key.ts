import type { TextSpan } from '../types.ts';

export interface FoundKey {
  /** null: the whole file is one. */
  readonly span: TextSpan | null;
  /** A stable word for it: `pem`, `openssh`, `pgp`, … */
  readonly kind: string;
  /** In words of our own. */
  readonly title: string;
  /** Of no use without a passphrase. */
  readonly passphrase: boolean;
  /** Damaged or made up: its checksum does not fit. */
  readonly checksumFailed?: true;
}
