import { parseSealedValue, TidelockError } from '@tidelock/core';
import type { Invocation } from '../command.ts';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import { nameOfKind, objectsOf } from '../manifests/kube-object.ts';
import { type ManifestFile, manifestError, readManifests } from '../manifests/manifest-file.ts';
import { manifestText, secretNode } from '../manifests/write-manifest.ts';
import type { Ports } from '../ports.ts';
import { openSealed } from './open-sealed.ts';
import { requireOneFile, resultFormat, writeManifest } from './output-format.ts';
import { rawInput, rawPlace } from './raw-value.ts';
import { type RecoveryKeys, requireRecoveryKeys } from './recovery-keys.ts';
import { isSealedSecret, type SealedObject, sealedObject } from './sealed-manifest.ts';

/**
 * Opens SealedSecrets, or one value, with private keys of the controller. The plain text goes to
 * standard output, or to a file that its owner alone can read.
 */
export async function unseal(invocation: Invocation): Promise<number> {
  const { ports, flags } = invocation;
  const path = requireOneFile(invocation.positionals, 'unseal');
  const keys = await requireRecoveryKeys(ports, flags);
  if (flags.isOn('raw')) return unsealRaw(ports, flags, { keys, manifest: path });
  for (const name of ['from-file', 'scope', 'name'])
    if (flags.has(name))
      throw refused(`--${name} goes with --raw`, 'A manifest names its place and values itself.');
  const file = await readManifests(ports, flags, path);
  const secrets = sealedIn(file, flags).map((object) => openSealed(object, keys));
  const format = resultFormat(flags, file.document.format);
  const nodes = secrets.map((secret) => secretNode(secret, 'as-data'));
  const bytes = manifestText(nodes, format, format === 'yaml' ? 2 : undefined);
  await writeManifest(ports, flags, bytes, { isPrivate: true });
  const output = flags.text('output');
  if (output !== undefined)
    ports.stderr(`tidelock: ${output} holds plain text, for you alone: remove it afterwards\n`);
  for (const { values } of secrets) for (const value of values.values()) value.fill(0);
  return 0;
}

/** @throws TidelockError ERR_MANIFEST where the file holds anything but SealedSecrets */
function sealedIn(file: ManifestFile, flags: Flags): readonly SealedObject[] {
  const objects = objectsOf(file);
  const hint = 'Give a file of SealedSecrets alone.';
  if (objects.length === 0)
    throw manifestError(file, file.document.branches, 'there is no manifest in it', hint);
  return objects.map((object) => {
    if (isSealedSecret(object)) return sealedObject(object, flags.text('namespace') ?? null);
    throw manifestError(file, [object.map], `it holds a ${nameOfKind(object)}`, hint);
  });
}

async function unsealRaw(
  ports: Ports,
  flags: Flags,
  { keys, manifest }: { readonly keys: RecoveryKeys; readonly manifest: string | undefined },
): Promise<number> {
  const place = rawPlace(flags);
  const sealed = parseSealedValue(
    Buffer.from(await rawInput(ports, flags, manifest))
      .toString('utf8')
      .trim(),
  );
  if (sealed === null)
    throw new TidelockError('ERR_SEALED', 'the value is not what kubeseal writes: damaged', {
      hint: 'It is one line of base64, of spec.encryptedData.',
    });
  const opened = keys.openRaw(sealed, place);
  if (opened === null)
    throw new TidelockError(
      'ERR_SEALED',
      `the value is opened by none of ${keys.all.length} recovery keys for this place`,
      {
        hint: 'Are name, namespace and scope those it was sealed for? Is the key one of its time?',
      },
    );
  await writeManifest(ports, flags, opened.plain, { isPrivate: true });
  return 0;
}
