import { makeCertificate, type TestCertificate } from '../fakes/certificate.ts';
import type { Workspace } from './workspace.ts';

/** A key of a controller, with its certificate: PEM both. */
export type SealingKey = TestCertificate;

/** A key that began so many days ago. */
export function makeSealingKey({ daysOld = 1, bits = 2048 } = {}): SealingKey {
  const day = 86_400;
  return makeCertificate([], { from: -daysOld * day, until: 3650 * day, bits });
}

/** Writes `NAME.pem` and `NAME.key` outside of the work tree; their paths. */
export function keepKey(w: Workspace, name: string, { cert, key }: SealingKey) {
  return { cert: w.write(`../${name}.pem`, cert), key: w.write(`../${name}.key`, key) };
}

/** The Secrets of a controller as `kubectl get secret -o yaml` gives them. */
export function backupOf(keys: readonly SealingKey[]): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const items = keys.map(
    ({ cert, key }, n) => `  - apiVersion: v1
    kind: Secret
    metadata:
      name: sealed-secrets-key${n}
      namespace: kube-system
      labels:
        sealedsecrets.bitnami.com/sealed-secrets-key: active
    type: kubernetes.io/tls
    data:
      tls.crt: ${base64(cert)}
      tls.key: ${base64(key)}
`,
  );
  return `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
}

export interface SecretOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: string;
}

/** A Secret in plain text. */
export function secretText(
  value: string,
  { name = 'db', namespace = 'apps', annotations = '{}' }: SecretOptions = {},
): string {
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: { app: shop }
  annotations: ${annotations}
type: Opaque
stringData:
  password: ${value}
data:
  bytes: ${Buffer.from([0, 255, 10]).toString('base64')}
`;
}
