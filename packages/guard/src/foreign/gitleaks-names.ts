import { CONTEXT_KINDS } from '../tokens/kinds/context.ts';
import { TOKEN_KINDS } from '../tokens/kinds.ts';

/** What gitleaks calls a rule, with the kinds of tokens and the rules of ours that look for the same. */
const SAME: Readonly<Record<string, string>> = {
  'generic-api-key': 'plaintext/sensitive-key',
  'curl-auth-header': 'plaintext/auth-header',
  'curl-auth-user': 'plaintext/auth-header',
  'aws-access-token': 'aws-access-key-id aws-sts-key-id aws-bearer-id',
  'aws-amazon-bedrock-api-key-long-lived': 'aws-bedrock-long',
  'aws-amazon-bedrock-api-key-short-lived': 'aws-bedrock-short',
  'github-pat': 'github-pat-classic',
  'github-fine-grained-pat': 'github-pat-fine-grained',
  'github-oauth': 'github-oauth-token',
  'github-app-token': 'github-app-user-token github-app-install-token github-app-install-token-v2',
  'gitlab-rrt': 'gitlab-runner-registration',
  'gitlab-ptt': 'gitlab-trigger',
  'gitlab-cicd-job-token': 'gitlab-ci-job',
  'gitlab-feed-token': 'gitlab-feed',
  'gitlab-runner-authentication-token': 'gitlab-runner-auth',
  'gcp-api-key': 'google-api-key',
  'azure-ad-client-secret': 'azure-entra-client-secret',
  'slack-bot-token': 'slack-bot',
  'slack-user-token': 'slack-user',
  'slack-app-token': 'slack-app-level',
  'slack-config-access-token': 'slack-config',
  'slack-config-refresh-token': 'slack-refresh',
  'slack-legacy-token': 'slack-legacy',
  'slack-legacy-workspace-token': 'slack-legacy-workspace',
  'slack-webhook-url': 'slack-webhook',
  'stripe-access-token': 'stripe-secret-live stripe-restricted-live stripe-secret-test',
  'sendgrid-api-token': 'sendgrid-key',
  'mailgun-private-api-token': 'mailgun-private',
  'mailchimp-api-key': 'mailchimp-key',
  'sendinblue-api-token': 'brevo-key',
  'shopify-access-token': 'shopify-access',
  'shopify-custom-access-token': 'shopify-custom',
  'shopify-private-app-access-token': 'shopify-private',
  'shopify-shared-secret': 'shopify-app-secret',
  'telegram-bot-api-token': 'telegram-bot',
  'twilio-api-key': 'twilio-api-key-sid',
  'discord-api-token': 'discord-bot',
  'openai-api-key': 'openai-legacy openai-project',
  'anthropic-api-key': 'anthropic-api',
  'anthropic-admin-api-key': 'anthropic-admin',
  'huggingface-access-token': 'huggingface-user',
  'huggingface-organization-api-token': 'huggingface-org',
  'perplexity-api-key': 'perplexity-key',
  'pypi-upload-token': 'pypi-token',
  'rubygems-api-token': 'rubygems-key',
  'clojars-api-token': 'clojars-token',
  'hashicorp-tf-api-token': 'terraform-cloud',
  'vault-service-token': 'vault-service vault-legacy',
  'vault-batch-token': 'vault-batch',
  'pulumi-api-token': 'pulumi-token',
  'doppler-api-token': 'doppler-token',
  'databricks-api-token': 'databricks-pat',
  'digitalocean-access-token': 'digitalocean-oauth',
  'digitalocean-refresh-token': 'digitalocean-refresh',
  'flyio-access-token': 'fly-macaroon fly-legacy',
  'cloudflare-origin-ca-key': 'cloudflare-origin-ca',
  'linear-api-key': 'linear-key',
  'notion-api-token': 'notion-token',
  'postman-api-token': 'postman-key',
  'grafana-service-account-token': 'grafana-sa',
  'grafana-cloud-api-token': 'grafana-cloud',
  'grafana-api-key': 'grafana-legacy',
  'sentry-user-token': 'sentry-user',
  'sentry-org-token': 'sentry-org',
  'square-access-token': 'square-access',
  'planetscale-api-token': 'planetscale',
  'planetscale-password': 'planetscale',
  'age-secret-key': 'age-secret-key age-secret-key-pq',
};

const BY_OURS = new Map<string, string[]>();
for (const [theirs, ours] of Object.entries(SAME)) {
  for (const name of ours.split(' ')) BY_OURS.set(name, [...(BY_OURS.get(name) ?? []), theirs]);
}

/** Every name under which a configuration of gitleaks may mean this finding. */
export function namesOf(ruleId: string, kind: string | undefined): readonly string[] {
  const kinds = kind === undefined ? [] : [kind];
  return [...kinds, ...[ruleId, ...kinds].flatMap((name) => BY_OURS.get(name) ?? [])];
}

/** Whether a name of a rule means anything here besides the repository's own rules. */
export function isKnownName(name: string): boolean {
  return Object.hasOwn(SAME, name) || KINDS.has(name);
}

const KINDS = new Set([...TOKEN_KINDS, ...CONTEXT_KINDS].map(({ id }) => id));
