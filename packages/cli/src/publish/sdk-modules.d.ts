/** What is used of AWS' packages, and no more: they are loaded only when a destination needs them. */
declare module '@aws-sdk/client-s3' {
  export class S3Client {
    constructor(options: object);
    send(command: object, options: { abortSignal: AbortSignal }): Promise<unknown>;
  }
  export class PutObjectCommand {
    constructor(input: object);
  }
}

declare module '@aws-sdk/client-secrets-manager' {
  export class SecretsManagerClient {
    constructor(options: object);
    send(command: object, options: { abortSignal: AbortSignal }): Promise<unknown>;
  }
  export class DescribeSecretCommand {
    constructor(input: object);
  }
  export class CreateSecretCommand {
    constructor(input: object);
  }
  export class PutSecretValueCommand {
    constructor(input: object);
  }
  export class UpdateSecretVersionStageCommand {
    constructor(input: object);
  }
  export class GetSecretValueCommand {
    constructor(input: object);
  }
  export class ListSecretsCommand {
    constructor(input: object);
  }
}
