import { keyName, mask, type SafeText, say } from './mask.ts';
import type { Scalar } from './structure/tree.ts';
import type { Problem, Severity, TreePath } from './types.ts';

export interface SecretLeaf {
  readonly scalar: Scalar;
  readonly path: TreePath;
  /** What it is, as `a password of a kubeconfig`. */
  readonly what: SafeText;
  readonly severity?: Severity;
  readonly kind?: string;
}

export const ENCRYPT_HINT = say`Change the secret, then encrypt the file: tidelock encrypt -i FILE`;

/** The problem of a value in a tree that is readable and should not be. */
export function secretLeaf({ scalar, path, what, severity, kind }: SecretLeaf): Problem {
  const last = path.at(-1);
  const name = typeof last === 'string' ? say` under ${keyName(last)}` : say``;
  return {
    span: scalar.span,
    treePath: path,
    value: scalar.value,
    message: say`${what} in plain text${name} (${mask(scalar.value)})`,
    hint: ENCRYPT_HINT,
    ...(severity === undefined ? {} : { severity }),
    ...(kind === undefined ? {} : { kind }),
  };
}

const PUBLIC =
  /^\s*(?:-----BEGIN (?:TRUSTED |X509 )?(?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY|EC PUBLIC KEY|PGP PUBLIC KEY BLOCK|X509 CRL|CERTIFICATE REQUEST|DH PARAMETERS)-----|ssh-(?:rsa|ed25519) |ecdsa-sha2-|age1[a-z0-9]{20})/;

/** A certificate, a public key: meant to be seen. A private key after it is not. */
export function isPublicMaterial(value: string): boolean {
  return PUBLIC.test(value) && !value.includes('PRIVATE KEY');
}

/** Text of base64, or null where the value is none or holds bytes that are no text. */
export function decodedText(value: string): string | null {
  const compact = value.replace(/\s+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return null;
  const bytes = Buffer.from(compact, 'base64');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') || /[\0-\x08\x0e-\x1a]/.test(text) ? null : text;
}
