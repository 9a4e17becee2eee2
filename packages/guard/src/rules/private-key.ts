import { mask, ownWords, say } from '../mask.ts';
import { findPrivateKeys } from '../private-keys/find.ts';
import type { FoundKey } from '../private-keys/found-key.ts';
import type { FileRule } from '../types.ts';

/** Private keys of every kind, armoured, indented, escaped, in base64, or binary. */
export const privateKey: FileRule = {
  id: 'plaintext/private-key',
  severity: 'error',
  title: 'A private key in plain text',
  docs: {
    why: 'Whoever has the private key is whoever it stands for: a server, a signer, a person, a reader of secrets.',
    fix: 'Replace the key pair, and keep the new private key in an encrypted file or outside the repository.',
  },
  *check(source) {
    for (const key of source.derive(findPrivateKeys)) {
      const value =
        key.span === null ? undefined : (source.text ?? '').slice(key.span.start, key.span.end);
      yield {
        span: key.span,
        severity: key.passphrase || key.checksumFailed ? 'warning' : 'error',
        kind: key.kind,
        ...(value === undefined ? {} : { value }),
        message: say`${ownWords(key.title)} in plain text${value === undefined ? say`` : say` (${mask(value)})`}${doubt(key)}`,
        hint: say`Replace the key pair, then keep the new private key in an encrypted file: tidelock encrypt -i FILE`,
      };
    }
  },
};

function doubt({ passphrase, checksumFailed }: FoundKey) {
  if (checksumFailed) {
    return say`; its checksum does not fit, so it may be damaged or made up`;
  }
  return passphrase ? say`; a passphrase protects it` : say``;
}
