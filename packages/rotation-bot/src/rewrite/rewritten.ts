/** What became of one planned file. */
export type Rewritten =
  | {
      readonly kind: 'rewritten';
      /** The proved new file: ciphertext and metadata. */
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'left-out';
      /** One sentence without a value of the file; not escaped. */
      readonly reason: string;
    };
