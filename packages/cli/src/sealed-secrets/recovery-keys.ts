import {
  isPrivateKeyPem,
  openSealedValue,
  type RecoveryKey,
  readRecoveryKeys,
  readSealingCertificate,
  type SealedPlace,
  type SealedValue,
  type SealingCertificate,
  TidelockError,
} from '@tidelock/core';
import { inFile } from '../documents.ts';
import { type Input, readInput } from '../files/input.ts';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import { type KubeObject, objectsOf, textMap } from '../manifests/kube-object.ts';
import {
  type ManifestFile,
  manifestError,
  openBinary,
  openManifests,
} from '../manifests/manifest-file.ts';
import { secretValues } from '../manifests/plain-secret.ts';
import type { Ports } from '../ports.ts';
import type { SealedEntry, SealedObject } from './sealed-manifest.ts';

/** A private key that opens, with its certificate where the backup holds it. */
export interface HeldKey extends RecoveryKey {
  readonly certificate: SealingCertificate | null;
}

export interface OpenedValue {
  readonly plain: Uint8Array;
  readonly fingerprint: string;
}

/** The private keys at hand. What opened the value before is tried first. */
export class RecoveryKeys {
  readonly all: readonly HeldKey[];
  #order: readonly HeldKey[];

  constructor(keys: readonly HeldKey[]) {
    const byFingerprint = new Map<string, HeldKey>();
    for (const key of keys) {
      const known = byFingerprint.get(key.fingerprint);
      if (known === undefined || known.certificate === null)
        byFingerprint.set(key.fingerprint, key);
    }
    this.all = [...byFingerprint.values()];
    this.#order = this.all;
  }

  /** The certificate that the controller seals with: the one that began last. */
  get newestCertificate(): SealingCertificate | null {
    const all = this.all.flatMap(({ certificate }) => certificate ?? []);
    return all.toSorted((a, b) => +b.notBefore - +a.notBefore)[0] ?? null;
  }

  /** null: no key opens it for this place. */
  open({ sealed }: SealedEntry, { place }: SealedObject): OpenedValue | null {
    return this.openRaw(sealed, place);
  }

  /** The same for a value without a manifest. */
  openRaw(sealed: SealedValue, place: SealedPlace): OpenedValue | null {
    for (const key of this.#order) {
      const plain = openSealedValue(sealed, place, key.privateKey);
      if (plain === null) continue;
      this.#order = [key, ...this.#order.filter((other) => other !== key)];
      return { plain, fingerprint: key.fingerprint };
    }
    return null;
  }

  /** @throws TidelockError ERR_SEALED naming the place where none does */
  require(entry: SealedEntry, object: SealedObject): OpenedValue {
    const opened = this.open(entry, object);
    if (opened !== null) return opened;
    const { name, place, file } = object;
    const where = manifestError(file, [entry.node, object.object.map], '', '');
    const label =
      place.scope === 'cluster-wide'
        ? 'cluster-wide'
        : `${place.scope} for ${place.namespace}${place.scope === 'strict' ? `/${name}` : ''}`;
    throw new TidelockError(
      'ERR_SEALED',
      `${entry.key} of the SealedSecret ${name} is opened by none of ${this.all.length} recovery keys (${label})`,
      {
        path: file.label,
        ...(where.position === undefined ? {} : { position: where.position }),
        hint: 'The key that sealed it is missing, or name, namespace or scope were changed since: give the older keys of the controller too.',
      },
    );
  }
}

/** @throws TidelockError, CommandError for a file that is missing, damaged or holds no key */
export async function recoveryKeysFrom(ports: Ports, flags: Flags): Promise<RecoveryKeys> {
  const paths = flags.list('recovery-private-key').flatMap((list) => list.split(','));
  const keys: HeldKey[] = [];
  for (const path of paths) keys.push(...(await keysIn(ports, flags, path)));
  return new RecoveryKeys(keys);
}

/** @throws CommandError where none is given */
export async function requireRecoveryKeys(ports: Ports, flags: Flags): Promise<RecoveryKeys> {
  if (flags.list('recovery-private-key').length === 0)
    throw refused(
      'no private key is given, and nothing is opened without one',
      '--recovery-private-key FILE: a PEM key, or a backup of the Secrets of the controller, encrypted or not: kubectl get secret -n kube-system -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml',
    );
  return recoveryKeysFrom(ports, flags);
}

async function keysIn(ports: Ports, flags: Flags, path: string): Promise<readonly HeldKey[]> {
  const input = await readInput(ports, flags, [path]);
  const inner = await openBinary(ports, flags, input);
  const bytes = inner ?? input.bytes;
  const text = Buffer.from(bytes).toString('utf8');
  if (isPrivateKeyPem(text) || /-----BEGIN /.test(text.slice(0, 100)))
    return inFile(path, () => readRecoveryKeys(text).map((key) => ({ ...key, certificate: null })));
  return keysOfBackup(await openManifests(ports, flags, { ...input, bytes } satisfies Input));
}

function keysOfBackup(file: ManifestFile): readonly HeldKey[] {
  const secrets = objectsOf(file).filter(
    ({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1',
  );
  const keys = secrets.flatMap((secret) => {
    const values = secretValues(secret);
    const pem = values.get('tls.key');
    if (pem === undefined) return [];
    return inPlace(file, secret.map, () => {
      const [key] = readRecoveryKeys(Buffer.from(pem).toString('utf8'));
      return key === undefined
        ? []
        : [{ ...key, certificate: certificateOf(secret, values.get('tls.crt'), key) }];
    });
  });
  if (keys.length > 0) return keys;
  throw new TidelockError(
    'ERR_RECOVERY_KEY',
    'there is no private key in it: neither PEM, nor a Secret with tls.key',
    {
      path: file.label,
      hint: 'Give the backup of the controller: kubectl get secret -n kube-system -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml',
    },
  );
}

const STATE_LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key';

/** null: none, one of another key, or one that is not sealed with any more. */
function certificateOf(
  secret: KubeObject,
  pem: Uint8Array | undefined,
  { fingerprint }: RecoveryKey,
): SealingCertificate | null {
  const state = textMap(secret, 'metadata', 'labels').get(STATE_LABEL);
  if (pem === undefined || state === 'compromised') return null;
  const certificate = readSealingCertificate(Buffer.from(pem).toString('utf8'));
  return certificate.fingerprint === fingerprint ? certificate : null;
}

function inPlace<T>(
  file: ManifestFile,
  node: Parameters<typeof manifestError>[1][number],
  work: () => T,
): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    const { position } = manifestError(file, [node], '', '');
    throw new TidelockError(error.code, error.message, {
      path: file.label,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(position === undefined ? {} : { position }),
    });
  }
}
