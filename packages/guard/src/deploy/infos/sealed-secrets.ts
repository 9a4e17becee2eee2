import type { RuleInfo } from '../../verdict-rules.ts';

/** What kubeseal sealed, and where it is applied. */
export const SEALED_SECRETS_INFOS = {
  'deploy/sealed-secret-certificate': {
    severity: 'warning',
    title: 'A certificate for sealing that is over or damaged',
    why: 'kubeseal refuses it; people then seal with whatever they find.',
    fix: 'Fetch the current one: kubeseal --fetch-cert.',
    example: 'sealed-secrets.pem, valid until last year',
  },
  'deploy/sealed-secret-place': {
    severity: 'error',
    title: 'A SealedSecret that is applied elsewhere than it was sealed for',
    why: 'Name and namespace are part of the seal: the controller cannot open it there.',
    fix: 'Seal it again for where it goes.',
    example:
      'namespace: apps            # kustomization.yaml\n---\nkind: SealedSecret\nmetadata: { name: db, namespace: default }',
  },
  'deploy/sealed-secret-scope': {
    severity: 'error',
    title: 'A scope of a SealedSecret that the controller does not see',
    why: 'It reads the annotation on the SealedSecret, and tries to open the values as strict.',
    fix: 'Put the annotation under metadata.annotations as well, with the value "true".',
    example:
      'spec:\n  template:\n    metadata:\n      annotations: { sealedsecrets.bitnami.com/cluster-wide: "true" }',
  },
  'deploy/sealed-secret-twin': {
    severity: 'warning',
    title: 'A Secret beside the SealedSecret of its name',
    why: 'The controller does not touch what it did not make: the sealed values never arrive.',
    fix: 'Take the Secret out, and change its values if they are in plain text.',
    example: 'secret.yaml and sealed-secret.yaml, both for the name db',
  },
  'deploy/sealed-secret-value': {
    severity: 'error',
    title: 'A sealed value that nobody could open',
    why: 'It was cut, edited, or never sealed at all: then it is in plain text.',
    fix: 'Seal it again.',
    example: 'encryptedData:\n  password: hunter2',
  },
} as const satisfies Record<string, RuleInfo>;
