import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

export interface TestCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8 = 0x0c;
const TIME = 0x18;
const SHA256_WITH_RSA = Buffer.from('2a864886f70d01010b', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');
const ALTERNATIVE_NAMES = Buffer.from('551d11', 'hex');

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

export interface CertificateOptions {
  /** Seconds from now. */
  readonly from?: number;
  readonly until?: number;
  /** Of the key in it; the RSA key that signs it unless given. */
  readonly kind?: 'rsa' | 'ec';
  /** Of the RSA key. */
  readonly bits?: number;
}

const HOUR = 3600;

/** A certificate for 127.0.0.1 and the hosts that signed itself, for fakes that speak TLS: good for a day. */
export function makeCertificate(
  hosts: readonly string[] = [],
  { from = -HOUR, until = 24 * HOUR, kind = 'rsa', bits = 2048 }: CertificateOptions = {},
): TestCertificate {
  const signer = generateKeyPairSync('rsa', { modulusLength: bits });
  const { publicKey, privateKey } =
    kind === 'rsa' ? signer : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, der(OBJECT_ID, SHA256_WITH_RSA), Buffer.from([0x05, 0]));
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OBJECT_ID, COMMON_NAME), der(UTF8, Buffer.from('127.0.0.1')))),
  );
  const time = (offset: number) =>
    der(
      TIME,
      Buffer.from(
        `${new Date(Date.now() + offset * 1000).toISOString().replace(/[-:T]|\..*/g, '')}Z`,
      ),
    );
  const addresses = der(
    SEQUENCE,
    der(0x87, Buffer.from([127, 0, 0, 1])),
    ...hosts.map((host) => der(0x82, Buffer.from(host))),
  );
  const extension = der(SEQUENCE, der(OBJECT_ID, ALTERNATIVE_NAMES), der(OCTET_STRING, addresses));
  const body = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    der(SEQUENCE, time(from), time(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, extension)),
  );
  const signature = createSign('sha256').update(body).sign(signer.privateKey);
  const whole = der(SEQUENCE, body, algorithm, der(BIT_STRING, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
