import type { RuleInfo } from '../../verdict-rules.ts';

/** Stores, and what is read from them. */
export const EXTERNAL_SECRETS_INFOS = {
  'deploy/external-secret-bootstrap': {
    severity: 'error',
    title: 'The credential of a secret store in plain text',
    why: 'Whoever has it reads every secret of the store, not this repository alone.',
    fix: 'Revoke it, encrypt its successor, or use the identity of the workload instead.',
    example:
      'kind: SecretStore\n…  secretAccessKeySecretRef: { name: aws, key: secret }\n---\nkind: Secret\nmetadata: { name: aws }\nstringData: { secret: THE-VALUE-ITSELF }',
  },
  'deploy/external-secret-old': {
    severity: 'note',
    title: 'An object of the archived kubernetes-external-secrets',
    why: 'It gets no fixes, and its credentials open the store for the whole cluster.',
    fix: 'Move to external-secrets.io/v1, or to encrypted files.',
    example: 'apiVersion: kubernetes-client.io/v1\nkind: ExternalSecret',
  },
  'deploy/external-secret-stale': {
    severity: 'warning',
    title: 'An ExternalSecret that a rotation never reaches',
    why: 'The secret is changed in the store, and the cluster goes on with the old one until that is revoked.',
    fix: 'Take the version out; write refreshPolicy: Periodic with a refreshInterval.',
    example: 'spec:\n  refreshInterval: "0"',
  },
  'deploy/external-secret-store': {
    severity: 'error',
    title: 'An ExternalSecret whose store it cannot use',
    why: 'The Secret is never made or never renewed, and only the status of the object says so.',
    fix: 'Correct name, kind or namespace, or the conditions of the store.',
    example: 'secretStoreRef: { kind: ClusterSecretStore, name: valut }',
  },
  'deploy/external-secret-target': {
    severity: 'warning',
    title: 'A Secret, or an entry of one, that is made twice',
    why: 'One overwrites the other, and which one stays changes with every reconciliation.',
    fix: 'Keep one of them.',
    example: 'data:\n  - secretKey: password\n    …\n  - secretKey: password',
  },
} as const satisfies Record<string, RuleInfo>;
