import type { RuleInfo } from '../../verdict-rules.ts';

/** What the plugins of Argo CD decrypt and fill in. */
export const ARGO_INFOS = {
  'deploy/argo-file': {
    severity: 'error',
    title: 'A file that Argo CD is to decrypt, and cannot',
    why: 'It is missing, or it is in plain text though everybody takes it for encrypted.',
    fix: 'Encrypt it: tidelock encrypt -i FILE, after its values were changed; or correct the reference.',
    example: 'kind: ksops\nfiles:\n  - secret.yaml   # not encrypted',
  },
  'deploy/argo-placeholder': {
    severity: 'warning',
    title: 'A placeholder of the Vault plugin that is never filled',
    why: 'Without the key behind # the plugin leaves the text, and that becomes the value.',
    fix: 'Write <path:PATH#KEY>.',
    example: 'password: <path:secret/data/db>',
  },
} as const satisfies Record<string, RuleInfo>;
