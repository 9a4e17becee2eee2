import { errorName, KmsFailure } from './failure.ts';

const THROTTLED =
  /^(?:Throttling|ThrottlingException|TooManyRequestsException|LimitExceededException|RequestLimitExceeded|SlowDown)$/;
const TRANSIENT =
  /^(?:KMSInternalException|InternalFailure|DependencyTimeoutException|KeyUnavailableException|ServiceUnavailable|RequestTimeout)$/;
const UNREACHED =
  /^(?:TimeoutError|NetworkingError|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/;

const REASONS: ReadonlyMap<string, readonly [reason: string, hint: string]> = new Map([
  [
    'InvalidCiphertextException',
    [
      'AWS KMS cannot open this wrapped key: another key, another encryption context, or damaged',
      'Compare the context in the sops block with the one it was made with; else restore it from an earlier commit.',
    ],
  ],
  [
    'IncorrectKeyException',
    [
      'the wrapped key was made by another AWS KMS key than the file names',
      'Restore the sops block from an earlier commit, then run tidelock updatekeys.',
    ],
  ],
  ['NotFoundException', ['AWS KMS knows no such key', 'Check the ARN: region, account, key id.']],
  ['DisabledException', ['the AWS KMS key is disabled', 'Enable it, or use another master key.']],
  [
    'KMSInvalidStateException',
    [
      'the AWS KMS key is disabled or pending deletion',
      'Cancel the deletion, or use another master key.',
    ],
  ],
  [
    'AccessDeniedException',
    ['AWS KMS denies permission', 'Allow kms:Encrypt and kms:Decrypt on the key to this identity.'],
  ],
  [
    'AccessDenied',
    ['AWS STS does not let this identity take the role', 'Check the trust policy of the role.'],
  ],
]);

const CREDENTIALS =
  /Credentials?|ExpiredToken|TokenRefresh|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|SSO/;

/** Turns an error of AWS into one of ours, by its name alone. @throws KmsFailure always */
export function awsFailure(error: unknown): never {
  if (error instanceof KmsFailure) throw error;
  const name = nameOf(error);
  const known = REASONS.get(name);
  if (known !== undefined) throw new KmsFailure(...known);
  if (THROTTLED.test(name)) {
    throw new KmsFailure(
      'AWS KMS is throttling',
      'Try again later, or with a lower --concurrency.',
      {},
    );
  }
  if (name === 'AbortError') {
    throw new KmsFailure('AWS KMS did not answer in time', 'Check the network and try again.', {});
  }
  if (UNREACHED.test(name)) {
    throw new KmsFailure(
      `AWS KMS cannot be reached (${name})`,
      'Check the network and AWS_ENDPOINT_URL.',
      {},
    );
  }
  if (TRANSIENT.test(name) || statusOf(error) >= 500) {
    throw new KmsFailure(`AWS KMS failed (${name})`, 'Try again later.', {});
  }
  if (CREDENTIALS.test(name)) {
    throw new KmsFailure(
      `there are no valid AWS credentials (${name})`,
      'Log in (aws sso login), or renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
    );
  }
  throw new KmsFailure(`AWS KMS failed (${name})`, 'Check ARN, region, role and credentials.');
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error ? errorName(error.code) : null;
  const name = errorName(error.name) ?? 'unknown';
  return name === 'Error' && code !== null ? code : name;
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('$metadata' in error)) return 0;
  const found = Object.entries(error.$metadata ?? {}).find(([name]) => name === 'httpStatusCode');
  return typeof found?.[1] === 'number' ? found[1] : 0;
}
