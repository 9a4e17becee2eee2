import { randomBytes } from 'node:crypto';
import {
  bodyOf,
  type FakeAnswer,
  type FakeOptions,
  type FakeRequest,
  type FakeServer,
  type Fault,
  startFake,
} from './fake-server.ts';
import { seal, unseal } from './sealing.ts';

export interface AwsKmsFake extends FakeServer {
  disable(keyId: string): void;
  enable(keyId: string): void;
  /** @param when the day on which it is gone */
  scheduleDeletion(keyId: string, when: Date): void;
}

/**
 * AWS KMS' JSON 1.1 interface: really wraps, with the encryption context bound, and names the key
 * within the blob. Signatures are not checked. A key is made on first use.
 */
export async function startAwsKms(options: FakeOptions = {}): Promise<AwsKmsFake> {
  const keys = new Map<string, Buffer>();
  const disabled = new Set<string>();
  const deletions = new Map<string, Date>();
  const keyOf = (arn: string): Buffer => {
    const known = keys.get(arn) ?? randomBytes(32);
    keys.set(arn, known);
    return known;
  };
  const answer = (request: FakeRequest, fault: Fault | undefined): FakeAnswer => {
    const operation = String(request.headers['x-amz-target'] ?? '').replace(/^TrentService\./, '');
    const body = bodyOf(request);
    const asked = typeof body.KeyId === 'string' ? body.KeyId : '';
    const reply = (key: string, result: unknown): FakeAnswer => ({
      operation,
      key,
      status: 200,
      body: result,
    });
    const refuse = (name: string): FakeAnswer => ({ operation, key: asked, ...errorOf(name) });
    const context = contextOf(body.EncryptionContext);
    if (asked.endsWith('/missing')) return refuse('NotFoundException');
    if (operation === 'DescribeKey') {
      const deletion = deletions.get(asked);
      const state = deletion ? 'PendingDeletion' : disabled.has(asked) ? 'Disabled' : 'Enabled';
      const dated = deletion ? { DeletionDate: deletion.getTime() / 1000 } : {};
      return reply(asked, { KeyMetadata: { Arn: asked, KeyState: state, ...dated } });
    }
    if (disabled.has(asked)) return refuse('DisabledException');
    if (deletions.has(asked)) return refuse('KMSInvalidStateException');
    if (operation === 'Encrypt') {
      const plaintext = Buffer.from(String(body.Plaintext), 'base64');
      const name = Buffer.from(holderOf(asked));
      const blob = Buffer.concat([
        Buffer.from([name.length]),
        name,
        seal(keyOf(holderOf(asked)), plaintext, context),
      ]);
      return reply(asked, { KeyId: asked, CiphertextBlob: blob.toString('base64') });
    }
    if (operation !== 'Decrypt') return refuse('UnknownOperationException');
    const blob = Buffer.from(String(body.CiphertextBlob), 'base64');
    const end = 1 + (blob[0] ?? 0);
    const holder = blob.subarray(1, end).toString();
    const key = keys.get(holder);
    if (key === undefined) return refuse('InvalidCiphertextException');
    if (asked !== '' && holderOf(asked) !== holder) return refuse('IncorrectKeyException');
    const opened = unseal(key, blob.subarray(end), context);
    if (opened === null) return refuse('InvalidCiphertextException');
    const plaintext = fault?.kind === 'other-data-key' ? randomBytes(opened.length) : opened;
    const opener = asked === '' ? holder : asked;
    return reply(opener, { KeyId: opener, Plaintext: plaintext.toString('base64') });
  };
  const fake = await startFake({ answer, error: errorOf }, options);
  return {
    ...fake,
    disable: (keyId) => disabled.add(keyId),
    enable: (keyId) => disabled.delete(keyId),
    scheduleDeletion: (keyId, when) => deletions.set(keyId, when),
  };
}

/** A key with replicas (`mrk-`) is the same in every region. */
function holderOf(arn: string): string {
  return arn.replace(/^(arn:[^:]+:kms:)[^:]+(:\d+:key\/mrk-)/, '$1*$2');
}

/** Names and values are bound apart: {a: 'bc'} is not {ab: 'c'}. */
function contextOf(value: unknown): string {
  return JSON.stringify(Object.entries(value ?? {}).sort());
}

function errorOf(name: string, status = 400): Pick<FakeAnswer, 'status' | 'body' | 'headers'> {
  return {
    status,
    body: { __type: name, message: 'the fake refuses' },
    headers: { 'x-amzn-errortype': name },
  };
}
