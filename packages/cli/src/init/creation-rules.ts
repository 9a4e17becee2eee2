/** The `.sops.yaml` that init proposes: what is encrypted by name, for whom. */
export function creationRulesText(recipients: readonly string[]): string {
  const age = recipients.join(',');
  return `# Who can read which file. The first rule whose path_regex matches a path decides.
# Change the keys here, then: tidelock updatekeys .
creation_rules:
  # Kubernetes manifests: only data and stringData are encrypted, so that the rest stays reviewable.
  - path_regex: (^|/)[^/]*(secret|\\.sops)[^/]*\\.ya?ml$
    encrypted_regex: ^(data|stringData)$
    age: ${age}
  # Environment files; examples without values stay plain.
  - path_regex: (^|/)([^/]*\\.)?env(\\.(local|development|test|staging|production))?$
    age: ${age}
  # Anything in a folder called secrets.
  - path_regex: (^|/)secrets/
    age: ${age}
`;
}
