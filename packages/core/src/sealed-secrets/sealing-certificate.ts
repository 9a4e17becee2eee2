import { type KeyObject, X509Certificate } from 'node:crypto';
import { TidelockError } from '../errors.ts';
import { rsaFingerprint } from './rsa-fingerprint.ts';

/** A certificate that values are sealed with. */
export interface SealingCertificate {
  readonly publicKey: KeyObject;
  /** Of its key: a renewed certificate of the same key has the same. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const FETCH = 'Fetch the current one: kubeseal --fetch-cert > cert.pem';
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/;
const OTHER_PEM = /-----BEGIN ([A-Z0-9 ]{1,40})-----/;

/**
 * The first certificate of a PEM text, whatever the date.
 * @throws TidelockError ERR_CERTIFICATE for what holds none, for a damaged one, and for a key that is
 * no RSA key
 */
export function readSealingCertificate(text: string): SealingCertificate {
  const pem = PEM.exec(text)?.[0];
  if (pem === undefined) throw noCertificate(text);
  const certificate = parse(pem);
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== 'rsa') {
    const kind = (publicKey.asymmetricKeyType ?? 'another kind').toUpperCase();
    throw invalid(`the certificate holds a key of ${kind}, and values are sealed with RSA`, FETCH);
  }
  if (certificate.subject === certificate.issuer && !certificate.verify(publicKey)) throw damaged();
  return {
    publicKey,
    fingerprint: rsaFingerprint(publicKey),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  };
}

/** @throws TidelockError ERR_CERTIFICATE for one that is over or has not begun, as kubeseal refuses it */
export function requireValid({ notBefore, notAfter }: SealingCertificate, now: Date): void {
  if (now > notAfter)
    throw invalid(
      `the certificate was valid until ${day(notAfter)}`,
      `${FETCH}; where this one is meant: --allow-invalid-cert`,
    );
  if (now < notBefore)
    throw invalid(
      `the certificate is valid from ${day(notBefore)} on, and that is not yet`,
      'Look at the clock of this machine; where this one is meant: --allow-invalid-cert',
    );
}

const day = (date: Date) => date.toISOString().slice(0, 10);

function parse(pem: string): X509Certificate {
  try {
    const certificate = new X509Certificate(pem);
    // The key is decoded when it is asked for.
    if (certificate.publicKey !== undefined) return certificate;
  } catch {
    // Said below: the message of the library says nothing to a person.
  }
  throw damaged();
}

/** Also one whose signature of itself is wrong: its key could be one that nobody has. */
const damaged = () => invalid('the certificate is damaged', FETCH);

function noCertificate(text: string): TidelockError {
  const [, label] = OTHER_PEM.exec(text) ?? [];
  return label === undefined
    ? invalid('there is no certificate in PEM in it', FETCH)
    : invalid(`it holds a ${label.toLowerCase()}, and a certificate is needed`, FETCH);
}

const invalid = (message: string, hint: string) =>
  new TidelockError('ERR_CERTIFICATE', message, { hint });
