import type { RuleInfo } from '../../verdict-rules.ts';

/** Whether Flux and kustomize build and decrypt what is in the tree. */
export const FLUX_INFOS = {
  'deploy/flux-cluster-key': {
    severity: 'error',
    title: 'An encrypted file that the cluster has no key for',
    why: 'Flux fails on the whole Kustomization, and everything it builds stays at its last state.',
    fix: "Add the cluster's key to the creation rule, then tidelock updatekeys FILE.",
    example:
      'recipients:\n  flux-prod: { age: age1…, flux: "clusters/prod/**" }  # .tidelock.yaml; the file names another key',
  },
  'deploy/flux-encrypted-field': {
    severity: 'error',
    title: 'Encrypted fields that Flux needs before it decrypts',
    why: 'kustomize builds first: without apiVersion, kind and name it cannot tell what an object is.',
    fix: 'Set encrypted_regex: ^(data|stringData)$ in the creation rule, decrypt the file and encrypt it again.',
    example: 'apiVersion: ENC[AES256_GCM,data:…]\nkind: ENC[AES256_GCM,data:…]',
  },
  'deploy/flux-key-secret': {
    severity: 'error',
    title: 'A Secret of decryption keys in which Flux finds none',
    why: 'Flux takes keys by the names of the entries; others are passed over in silence.',
    fix: 'Call the entries NAME.agekey, NAME.asc or sops.aws-kms, as the documentation of Flux lists them.',
    example:
      'kind: Secret\nmetadata: { name: sops-age }\ndata:\n  keys.txt: …   # must end in .agekey',
  },
  'deploy/flux-left-encrypted': {
    severity: 'error',
    title: 'An encrypted file that Flux does not decrypt where it is used',
    why: 'Flux says nothing: the ciphertext itself arrives in the cluster, or the build fails.',
    fix: 'Use a regular file of at most 5 MiB, as sops writes it, under resources, patches or a secretGenerator, with a key whose suffix is that of its format.',
    example: 'configMapGenerator:\n  - name: settings\n    files: [settings.enc.yaml]',
  },
  'deploy/flux-no-decryption': {
    severity: 'error',
    title: 'A Flux Kustomization that builds encrypted files and decrypts none',
    why: 'The build fails on the sops block, or ciphertext arrives as the value.',
    fix: 'Add spec.decryption: { provider: sops, secretRef: { name: … } }.',
    example:
      'kind: Kustomization\nspec:\n  path: ./apps   # with secret.enc.yaml in it\n  # no decryption:',
  },
  'deploy/flux-not-a-resource': {
    severity: 'error',
    title: 'An encrypted file among the resources that is no object of Kubernetes',
    why: 'kustomize fails on it, and nothing of the Kustomization is applied.',
    fix: 'Use it in a secretGenerator, or move it out of the folder.',
    example: 'resources:\n  - values.enc.yaml   # values of a chart, not an object',
  },
  'deploy/flux-path': {
    severity: 'warning',
    title: 'A Flux Kustomization whose path is not there',
    why: 'Flux fails, and what was applied from there before stays as it was.',
    fix: 'Correct spec.path.',
    example:
      'spec:\n  sourceRef: { kind: GitRepository, name: flux-system }\n  path: ./ap   # ./apps',
  },
  'deploy/flux-value-type': {
    severity: 'error',
    title: 'An encrypted value of a Secret that decrypts to no text',
    why: 'A Secret takes texts alone: the API server refuses the number or the boolean that Flux decrypts.',
    fix: 'Quote the value and encrypt it again: tidelock edit FILE.',
    example: 'stringData:\n  port: ENC[AES256_GCM,data:…,type:int]',
  },
  'deploy/kustomize-missing': {
    severity: 'warning',
    title: 'A kustomization that names a file which is not there',
    why: 'The build fails as a whole.',
    fix: 'Correct the path, or add the file.',
    example: 'resources:\n  - deploymnet.yaml',
  },
  'deploy/unknown': {
    severity: 'note',
    title: 'An object that could not be followed',
    why: 'What it refers to was not judged: nobody should take silence for a proof.',
    fix: 'Nothing, where that is meant.',
    example: 'apiVersion: kustomize.toolkit.fluxcd.io/v9',
  },
} as const satisfies Record<string, RuleInfo>;
