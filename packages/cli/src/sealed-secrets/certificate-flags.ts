import type { FlagSpec } from '../flags.ts';

export const CERTIFICATE_FLAGS: readonly FlagSpec[] = [
  {
    names: ['cert'],
    kind: 'string',
    env: 'SEALED_SECRETS_CERT',
    help: 'certificate of the controller, a PEM file',
  },
  { names: ['allow-invalid-cert'], kind: 'bool', help: 'take one that is over or has not begun' },
];
