/** What is used of the vendors' packages, and no more: they are loaded only when a key needs them. */
declare module '@aws-sdk/client-kms' {
  export class KMSClient {
    constructor(options: object);
    send(command: object, options: { abortSignal: AbortSignal }): Promise<unknown>;
  }
  export class EncryptCommand {
    constructor(input: object);
  }
  export class DecryptCommand {
    constructor(input: object);
  }
  export class DescribeKeyCommand {
    constructor(input: object);
  }
}

declare module '@aws-sdk/credential-providers' {
  export function fromNodeProviderChain(options: object): unknown;
  export function fromTemporaryCredentials(options: object): unknown;
}

declare module 'google-auth-library' {
  export class GoogleAuth {
    constructor(options: object);
    getAccessToken(): Promise<string | null | undefined>;
  }
}

declare module '@azure/identity' {
  export class DefaultAzureCredential {
    getToken(
      scope: string,
      options: { abortSignal: AbortSignal },
    ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
  }
}
