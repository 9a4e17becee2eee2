import { readSealingCertificate, requireValid, type SealingCertificate } from '@tidelock/core';
import { inFile } from '../documents.ts';
import { readInput } from '../files/input.ts';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import type { Ports } from '../ports.ts';

/**
 * The certificate that `--cert` names; null: none is named.
 * @throws TidelockError ERR_CERTIFICATE; CommandError for a file that cannot be read
 */
export async function certificateFrom(
  ports: Ports,
  flags: Flags,
): Promise<SealingCertificate | null> {
  const path = flags.text('cert');
  if (path === undefined || path === '') return null;
  if (/^https?:\/\//.test(path))
    throw refused(
      'a certificate is not fetched from a URL: nothing here asks the network',
      'Fetch and look at it first: curl -fsS URL > cert.pem, then --cert cert.pem',
    );
  const { bytes } = await readInput(ports, flags, [path]);
  return inFile(path, () => {
    const certificate = readSealingCertificate(Buffer.from(bytes).toString('utf8'));
    if (!flags.isOn('allow-invalid-cert')) requireValid(certificate, ports.now());
    return certificate;
  });
}

/** @throws CommandError where none is named */
export async function requireCertificate(ports: Ports, flags: Flags): Promise<SealingCertificate> {
  const certificate = await certificateFrom(ports, flags);
  if (certificate !== null) return certificate;
  throw refused(
    'no certificate is given to seal with',
    '--cert FILE: kubeseal --fetch-cert > cert.pem',
  );
}
