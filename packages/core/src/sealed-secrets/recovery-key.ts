import { createPrivateKey, type KeyObject } from 'node:crypto';
import { TidelockError } from '../errors.ts';
import { rsaFingerprint } from './rsa-fingerprint.ts';

/** A private key of the controller, kept to open what was sealed for it. */
export interface RecoveryKey {
  readonly privateKey: KeyObject;
  readonly fingerprint: string;
}

const PEM = /-----BEGIN ([A-Z0-9 ]{1,40})-----[\s\S]*?-----END \1-----/g;
const MANIFEST = /^[ \t]{0,20}["']?apiVersion["']?[ \t]{0,20}:|^\s*\{/m;
const BEGIN = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

/** Whether a text is to be read as PEM and not as a manifest. */
export const isPrivateKeyPem = (text: string) => BEGIN.test(text) && !MANIFEST.test(text);

/**
 * Every private key of a PEM text, in order; certificates beside them are passed over.
 * @throws TidelockError ERR_RECOVERY_KEY for a text without one, and for one that cannot be used
 */
export function readRecoveryKeys(text: string): readonly RecoveryKey[] {
  const keys = [...text.matchAll(PEM)]
    .filter(([, label = '']) => label.endsWith('PRIVATE KEY'))
    .map(([pem, label = '']) => read(pem, label));
  if (keys.length > 0) return keys;
  throw refused(
    BEGIN.test(text) ? 'the private key in it is cut off' : 'there is no private key in PEM in it',
    'It is the tls.key of the controller: kubectl get secret -n kube-system -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml',
  );
}

function read(pem: string, label: string): RecoveryKey {
  if (label.startsWith('ENCRYPTED') || pem.includes('Proc-Type: 4,ENCRYPTED'))
    throw refused(
      'the private key has a passphrase',
      'Encrypt the file with tidelock instead: it opens it by itself.',
    );
  const privateKey = parse(pem);
  if (privateKey.asymmetricKeyType !== 'rsa')
    throw refused(
      `the private key is of the kind ${(privateKey.asymmetricKeyType ?? 'unknown').toUpperCase()}, and values are sealed with RSA`,
      'It is the tls.key of the controller.',
    );
  return { privateKey, fingerprint: rsaFingerprint(privateKey) };
}

function parse(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw refused(
      'the private key cannot be read: it is damaged',
      'Take it from the backup again.',
    );
  }
}

const refused = (message: string, hint: string) =>
  new TidelockError('ERR_RECOVERY_KEY', message, { hint });
