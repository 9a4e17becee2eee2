import {
  type Document,
  type SealingCertificate,
  scopeOfAnnotations,
  setAt,
  storeFor,
  stringLeaf,
} from '@tidelock/core';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import { objectsOf } from '../manifests/kube-object.ts';
import type { ManifestFile } from '../manifests/manifest-file.ts';
import type { PlainSecret } from '../manifests/plain-secret.ts';
import { keptAnnotations, type SealedTexts, sealValues } from './seal-secret.ts';
import { isSealedSecret, type SealedObject, sealedObject } from './sealed-manifest.ts';

export interface Merged {
  readonly bytes: Uint8Array;
  readonly texts: SealedTexts;
  readonly into: SealedObject;
}

/**
 * Seals values into a SealedSecret that exists: for its name, namespace and scope, and no other byte
 * of its file changes but those of the values, labels and annotations that the Secret brings.
 * @throws CommandError where the Secret is for another place
 */
export function mergeInto(
  file: ManifestFile,
  secret: PlainSecret,
  { certificate, flags }: { readonly certificate: SealingCertificate; readonly flags: Flags },
): Merged {
  const into = targetIn(file, secret);
  refuseOtherPlace(into, secret, flags);
  const texts = sealValues(secret, into.place, certificate);
  const { branch, path } = into.object;
  const added: readonly (readonly [readonly string[], ReadonlyMap<string, string>])[] = [
    [['spec', 'encryptedData'], texts],
    [['spec', 'template', 'metadata', 'labels'], secret.labels],
    [['spec', 'template', 'metadata', 'annotations'], keptAnnotations(secret)],
  ];
  const branches = added.reduce<Document['branches']>(
    (all, [at, entries]) =>
      [...entries].reduce(
        (now, [key, text]) =>
          now.map((root, i) =>
            i === branch ? setAt(root, [...path, ...at, key], stringLeaf(text)) : root,
          ),
        all,
      ),
    file.document.branches,
  );
  const bytes = storeFor(file.document.format).emit({ ...file.document, branches });
  return { bytes, texts, into };
}

function targetIn(file: ManifestFile, { name }: PlainSecret): SealedObject {
  const sealed = objectsOf(file)
    .filter(isSealedSecret)
    .map((object) => sealedObject(object));
  const [only, second] = sealed;
  if (only === undefined)
    throw refused(`there is no SealedSecret in ${file.label}`, 'Seal without --merge-into first.');
  if (second === undefined) return only;
  const named = sealed.filter((one) => one.name === name);
  const [found, other] = named;
  if (found !== undefined && other === undefined) return found;
  throw refused(
    `${file.label} holds ${sealed.length} SealedSecrets, and the name says not which`,
    'Give the Secret the name of one of them.',
  );
}

function refuseOtherPlace({ file, place }: SealedObject, secret: PlainSecret, flags: Flags): void {
  const differs = (field: 'name' | 'namespace') =>
    secret[field] !== null && place[field] !== '' && secret[field] !== place[field];
  for (const field of ['name', 'namespace'] as const)
    if (differs(field))
      throw refused(
        `the Secret has another ${field} than the SealedSecret in ${file.label}`,
        `Nothing but its own ${field} is sealed into it; change one of them.`,
      );
  const asked = flags.text('scope') ?? scopeOfAnnotations((name) => secret.annotations.get(name));
  if (asked !== place.scope && (flags.has('scope') || asked !== 'strict'))
    throw refused(
      `the SealedSecret in ${file.label} has the scope ${place.scope}, and ${asked} is asked for`,
      'A scope is for all values: seal the whole Secret anew for another one.',
    );
}
