/** Whom a client speaks for. '' means none. */
export interface AwsTarget {
  readonly region: string;
  readonly role: string;
  readonly profile: string;
  readonly sessionName: string;
}

/** What we need of AWS KMS. Rejects with errors that have AWS' own `name`. */
export interface AwsKmsClient {
  encrypt(
    request: {
      readonly keyId: string;
      readonly plaintext: Uint8Array;
      readonly context: ReadonlyMap<string, string>;
    },
    signal: AbortSignal,
  ): Promise<{ readonly ciphertext: Uint8Array; readonly keyId: string | undefined }>;
  decrypt(
    request: {
      readonly ciphertext: Uint8Array;
      readonly context: ReadonlyMap<string, string>;
      readonly keyId?: string;
    },
    signal: AbortSignal,
  ): Promise<{ readonly plaintext: Uint8Array; readonly keyId: string | undefined }>;
  /** `KeyMetadata` of DescribeKey. */
  describe(keyId: string, signal: AbortSignal): Promise<unknown>;
}

export type AwsConnect = (target: AwsTarget) => Promise<AwsKmsClient>;
