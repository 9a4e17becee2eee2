import type { AwsConnect } from '../../src/kms/aws-client.ts';

/** AWS' wire form without its client: what the fake and the tests need, unsigned. */
export function awsWireClient(url: () => string): AwsConnect {
  return async () => {
    const call = async (operation: string, body: object, signal: AbortSignal) => {
      const response = await fetch(url(), {
        method: 'POST',
        headers: { 'x-amz-target': `TrentService.${operation}` },
        body: JSON.stringify(body),
        signal,
      }).catch((error: unknown) => {
        const code = signal.aborted ? 'AbortError' : 'ECONNRESET';
        throw Object.assign(new Error('no answer', { cause: error }), { name: code });
      });
      const text = await response.text();
      const answer = text.startsWith('{') ? JSON.parse(text) : {};
      if (response.ok) return answer;
      const name = response.headers.get('x-amzn-errortype') ?? 'UnknownError';
      const failure = new Error(answer.message);
      throw Object.assign(failure, { name, $metadata: { httpStatusCode: response.status } });
    };
    return {
      async encrypt({ keyId, plaintext, context }, signal) {
        const body = {
          KeyId: keyId,
          Plaintext: Buffer.from(plaintext).toString('base64'),
          EncryptionContext: Object.fromEntries(context),
        };
        const answer = await call('Encrypt', body, signal);
        return { ciphertext: Buffer.from(answer.CiphertextBlob, 'base64'), keyId: answer.KeyId };
      },
      async decrypt({ keyId, ciphertext, context }, signal) {
        const body = {
          CiphertextBlob: Buffer.from(ciphertext).toString('base64'),
          EncryptionContext: Object.fromEntries(context),
          ...(keyId === undefined ? {} : { KeyId: keyId }),
        };
        const answer = await call('Decrypt', body, signal);
        return { plaintext: Buffer.from(answer.Plaintext, 'base64'), keyId: answer.KeyId };
      },
      describe: async (keyId, signal) =>
        (await call('DescribeKey', { KeyId: keyId }, signal)).KeyMetadata,
    };
  };
}
