import { X509Certificate } from 'node:crypto';
import { ownWords, say } from '../../mask.ts';
import type { Source } from '../../source.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';

const NAME = /(?:seal|kubeseal)[^/]*\.(?:pem|crt|cert|cer)$/i;
const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** Certificates that kubeseal seals with, kept in the repository for those without the cluster. */
export function* judgeCertificates({ tree, now }: Deployment): Iterable<DeployVerdict> {
  for (const source of tree.sources) {
    if (!NAME.test(source.path)) continue;
    const text = source.text ?? '';
    const start = text.indexOf(BEGIN);
    const end = text.indexOf(END, start);
    if (start === -1 || end === -1) continue;
    const verdict = judge(source, { start, end: end + END.length }, now);
    if (verdict !== null) yield verdict;
  }
}

function judge(
  source: Source,
  span: { readonly start: number; readonly end: number },
  now: Date | null,
): DeployVerdict | null {
  const base = { ruleId: 'deploy/sealed-secret-certificate' as const, source, span };
  const until = endOf((source.text ?? '').slice(span.start, span.end));
  if (until === null)
    return {
      ...base,
      severity: 'error',
      kind: 'broken',
      message: say`a certificate that cannot be read: nothing can be sealed with it`,
      hint: say`Fetch it again: kubeseal --fetch-cert`,
    };
  if (now === null || until > now) return null;
  return {
    ...base,
    kind: 'expired',
    message: say`the certificate was valid until ${ownWords(until.toISOString().slice(0, 10))}: kubeseal refuses it`,
    hint: say`Fetch the current one: kubeseal --fetch-cert`,
  };
}

function endOf(pem: string): Date | null {
  try {
    const until = new Date(new X509Certificate(pem).validTo);
    return Number.isNaN(until.getTime()) ? null : until;
  } catch {
    return null;
  }
}
