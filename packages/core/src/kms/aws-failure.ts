import { errorName, KmsFailure, NoSuchKey } from './failure.ts';

const THROTTLED =
  /^(?:Throttling|ThrottlingException|TooManyRequestsException|LimitExceededException|RequestLimitExceeded|SlowDown)$/;
const TRANSIENT =
  /^(?:KMSInternalException|InternalFailure|DependencyTimeoutException|KeyUnavailableException|ServiceUnavailable|RequestTimeout)$/;
const UNREACHED =
  /^(?:TimeoutError|NetworkingError|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/;

/** How messages call a service of AWS, and what its own errors mean. */
export interface AwsService {
  readonly name: string;
  /** By the name of the error: the reason, and what to do now. */
  readonly reasons: ReadonlyMap<string, readonly [reason: string, hint: string]>;
}

const KMS_REASONS: AwsService['reasons'] = new Map([
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

const KMS: AwsService = { name: 'AWS KMS', reasons: KMS_REASONS };

const KMS_METADATA: AwsService = {
  name: 'AWS KMS',
  reasons: new Map([
    ...KMS_REASONS,
    [
      'AccessDeniedException',
      ['AWS KMS denies permission', 'Allow kms:DescribeKey on the key to this identity.'],
    ],
  ]),
};

const CREDENTIALS =
  /Credentials?|ExpiredToken|TokenRefresh|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|SSO/;

/** Turns an error of AWS KMS into one of ours. @throws KmsFailure always */
export function awsFailure(error: unknown): never {
  throw failureOfAws(error, KMS);
}

/** The same where a key is only asked about. @throws KmsFailure always */
export function awsMetadataFailure(error: unknown): never {
  if (nameOf(error) === 'NotFoundException')
    throw new NoSuchKey('AWS KMS knows no such key', 'Check the ARN: region, account, key id.');
  throw failureOfAws(error, KMS_METADATA);
}

/** An error of AWS as one of ours, by its name alone. */
export function failureOfAws(error: unknown, { name: service, reasons }: AwsService): KmsFailure {
  if (error instanceof KmsFailure) return error;
  const name = nameOf(error);
  const known = reasons.get(name);
  if (known !== undefined) return new KmsFailure(...known);
  if (THROTTLED.test(name)) {
    const hint = 'Try again later, or with a lower --concurrency.';
    return new KmsFailure(`${service} is throttling`, hint, {});
  }
  if (name === 'AbortError') {
    const hint = 'Check the network and try again.';
    return new KmsFailure(`${service} did not answer in time`, hint, {});
  }
  if (UNREACHED.test(name)) {
    const hint = 'Check the network and AWS_ENDPOINT_URL.';
    return new KmsFailure(`${service} cannot be reached (${name})`, hint, {});
  }
  if (/^ERR_PROXY/.test(name)) {
    const hint = 'Check HTTPS_PROXY and NO_PROXY.';
    return new KmsFailure(`the proxy on the way to ${service} refuses (${name})`, hint);
  }
  if (name === 'ENOTFOUND') {
    const hint = 'Check the region in .sops.yaml or the environment, and the network.';
    return new KmsFailure(`${service} has no address in this region (ENOTFOUND)`, hint);
  }
  if (TRANSIENT.test(name) || statusOf(error) >= 500) {
    return new KmsFailure(`${service} failed (${name})`, 'Try again later.', {});
  }
  if (CREDENTIALS.test(name)) {
    const hint =
      'Log in (aws sso login), or renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.';
    return new KmsFailure(`there are no valid AWS credentials (${name})`, hint);
  }
  if (error instanceof Error && error.message === 'Region is missing') {
    return new KmsFailure('no AWS region is known', 'Set AWS_REGION, or a region in the profile.');
  }
  return new KmsFailure(`${service} failed (${name})`, 'Check ARN, region, role and credentials.');
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
