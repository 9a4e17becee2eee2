import { refused } from './refused.ts';

/** The values of a Secret, by key, as the application reads them. */
export type SecretValues = ReadonlyMap<string, Uint8Array>;

const MOST_BYTES = 1024 * 1024;

/** What the API server asks of a type, asked before anything is written. @throws CommandError */
export function checkType(type: string, values: SecretValues, namespace: string | null): void {
  let size = 0;
  for (const bytes of values.values()) size += bytes.length;
  if (size > MOST_BYTES)
    throw refused('the values have more than 1 MiB together', 'Kubernetes takes no larger Secret.');
  CHECKS.get(type)?.(values, namespace);
}

type Check = (values: SecretValues, namespace: string | null) => void;

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'kubernetes.io/tls',
    (values) => {
      const [certificate, key] = [text(values, 'tls.crt'), text(values, 'tls.key')];
      if (!/-----BEGIN (?:TRUSTED )?CERTIFICATE-----/.test(certificate))
        throw refused('tls.crt holds no certificate in PEM', 'Are tls.crt and tls.key swapped?');
      if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key))
        throw refused('tls.key holds no private key in PEM', 'Give the key of the certificate.');
    },
  ],
  [
    'kubernetes.io/ssh-auth',
    (values) => {
      if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text(values, 'ssh-privatekey')))
        throw refused('ssh-privatekey holds no private key', 'Give the file without .pub.');
    },
  ],
  [
    'kubernetes.io/basic-auth',
    (values) => {
      if (!values.has('username') && !values.has('password'))
        throw missing('kubernetes.io/basic-auth', 'username or password');
    },
  ],
  ['kubernetes.io/dockerconfigjson', (values) => requireJson(values, '.dockerconfigjson', 'auths')],
  ['kubernetes.io/dockercfg', (values) => requireJson(values, '.dockercfg', null)],
  [
    'bootstrap.kubernetes.io/token',
    (values, namespace) => {
      if (!/^[a-z0-9]{6}$/.test(text(values, 'token-id')))
        throw refused('token-id is not six of a-z and 0-9', 'See kubeadm token create.');
      if (!/^[a-z0-9]{16}$/.test(text(values, 'token-secret')))
        throw refused('token-secret is not sixteen of a-z and 0-9', 'See kubeadm token create.');
      if (namespace !== 'kube-system')
        throw refused('a bootstrap token is read in kube-system alone', '--namespace kube-system');
    },
  ],
  [
    'kubernetes.io/service-account-token',
    () => {
      throw refused('Kubernetes itself fills Secrets of this type', 'kubectl create token NAME');
    },
  ],
]);

/** @throws CommandError where the key is missing */
function text(values: SecretValues, key: string): string {
  const bytes = values.get(key);
  if (bytes === undefined) throw missing('this type', key);
  return Buffer.from(bytes).toString('utf8');
}

const missing = (type: string, key: string) =>
  refused(`${type} needs the key ${key}`, `Add it: --from-file ${key.split(' ')[0]}=FILE`);

function requireJson(values: SecretValues, key: string, field: string | null): void {
  const hint = 'kubectl and docker write such a file: ~/.docker/config.json.';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text(values, key));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refused(`${key} is no JSON`, hint);
  }
  const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (!isMap || (field !== null && !Object.hasOwn(parsed as object, field)))
    throw refused(`${key} holds no ${field ?? 'registries'}`, hint);
}
