import { SCOPE_ANNOTATION_PREFIX } from '@tidelock/core';
import { manifestError } from '../manifests/manifest-file.ts';
import type { PlainSecret } from '../manifests/plain-secret.ts';
import type { RecoveryKeys } from './recovery-keys.ts';
import { renderAll } from './render-template.ts';
import type { SealedObject } from './sealed-manifest.ts';

/** What kubectl leaves on an object: the whole of it once more, values included. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The Secret that the controller makes of a SealedSecret, in memory.
 * @throws TidelockError ERR_SEALED where a key is missing, ERR_MANIFEST for a template that only the
 * controller renders
 */
export function openSealed(
  object: SealedObject,
  keys: RecoveryKeys,
): PlainSecret & { readonly name: string } {
  const opened = new Map(
    object.entries.map((entry) => [entry.key, keys.require(entry, object).plain]),
  );
  const { template, name, namespace } = object;
  const rendered = renderAll(template, opened);
  if ('beyond' in rendered)
    throw manifestError(
      object.file,
      [template.data.get(rendered.beyond)?.node, object.object.map],
      `spec.template.data.${rendered.beyond} is a template that only the controller renders`,
      'Read here are {{ .key }} and {{ index . "key" }} of sealed values; take the Secret from the cluster.',
    );
  return {
    name,
    namespace,
    type: template.type,
    immutable: template.immutable,
    labels: template.labels,
    annotations: withoutLastApplied(template.annotations),
    values: rendered.values,
  };
}

export function withoutLastApplied(
  annotations: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...annotations].filter(([name]) => name !== LAST_APPLIED));
}

/** Annotations that mean something without the seal. */
export function withoutSealing(
  annotations: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...annotations].filter(([name]) => !name.startsWith(SCOPE_ANNOTATION_PREFIX)));
}
