import type { RuleInfo } from '../../verdict-rules.ts';

/** What the cluster itself does with secrets. */
export const KUBERNETES_INFOS = {
  'deploy/encryption-at-rest': {
    severity: 'error',
    title: 'An EncryptionConfiguration that leaves Secrets in plain text, or does not work',
    why: 'Whoever reads etcd, or a backup of it, reads every Secret.',
    fix: 'Put a provider that encrypts first, kms best, and write every Secret again.',
    example: 'providers:\n  - identity: {}\n  - aescbc: { keys: […] }',
  },
  'deploy/rbac-reads-secrets': {
    severity: 'warning',
    title: 'A subject that can read every Secret of the cluster',
    why: 'Encryption in Git is worth what the least guarded reader in the cluster is worth.',
    fix: 'Bind a Role in the namespaces it is about, or list the Secrets under resourceNames.',
    example: 'kind: ClusterRoleBinding\nroleRef: { kind: ClusterRole, name: cluster-admin }',
  },
  'deploy/secret-data': {
    severity: 'error',
    title: 'A Secret that the API server refuses, or that holds a mask',
    why: 'Nothing of what is applied with it arrives; or the mask arrives, in place of the value.',
    fix: 'Encode the value in base64, or write it under stringData.',
    example: 'data:\n  password: not base64',
  },
} as const satisfies Record<string, RuleInfo>;
