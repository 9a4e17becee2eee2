import type { FlagSpec } from '../flags.ts';

export const RECOVERY_KEY_FLAG: FlagSpec = {
  names: ['recovery-private-key'],
  kind: 'list',
  help: 'private key of the controller: PEM, or the backup of its Secrets, also encrypted by sops',
};
