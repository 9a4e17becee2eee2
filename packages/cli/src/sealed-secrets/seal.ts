import { resolve } from 'node:path';
import {
  type Format,
  isSealedScope,
  type SealingCertificate,
  scopeOfAnnotations,
  sealValue,
} from '@tidelock/core';
import type { Invocation } from '../command.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import { readSecretValues } from '../kubernetes/secret-values.ts';
import { readManifests } from '../manifests/manifest-file.ts';
import { type PlainSecret, secretsIn } from '../manifests/plain-secret.ts';
import { manifestText } from '../manifests/write-manifest.ts';
import type { Ports } from '../ports.ts';
import { mergeInto } from './merge-into.ts';
import { requireOneFile, resultFormat, writeManifest } from './output-format.ts';
import { rawInput, rawPlace, unknownScope } from './raw-value.ts';
import { requireCertificate } from './read-certificate.ts';
import { noteSeals } from './seal-record.ts';
import { placeFor, requireName, sealedSecretNode, sealValues } from './seal-secret.ts';

const INDENT = 2;

/** Seals Secrets, or one value, for the certificate of a controller; nothing plain is written. */
export async function seal(invocation: Invocation): Promise<number> {
  const { ports, flags } = invocation;
  const path = requireOneFile(invocation.positionals, 'seal');
  const certificate = await requireCertificate(ports, flags);
  if (flags.isOn('raw')) return sealRaw(ports, flags, { certificate, manifest: path });
  const { secrets, format } = await plainSecrets(ports, flags, path);
  try {
    if (flags.has('merge-into')) await merge(ports, flags, { secrets, certificate });
    else {
      const texts: string[] = [];
      const nodes = secrets.map((secret) => {
        const place = placeFor(requireName(secret), scopeFor(secret, flags));
        const sealed = sealValues(secret, place, certificate);
        texts.push(...sealed.values());
        return sealedSecretNode(secret, place, sealed);
      });
      const written = resultFormat(flags, format);
      const bytes = manifestText(nodes, written, written === 'yaml' ? INDENT : undefined);
      await writeManifest(ports, flags, bytes);
      if (flags.has('output')) await noteSeals(ports, flags, { certificate, texts });
    }
  } finally {
    for (const { values } of secrets) for (const value of values.values()) value.fill(0);
  }
  return 0;
}

async function sealRaw(
  ports: Ports,
  flags: Flags,
  {
    certificate,
    manifest,
  }: { readonly certificate: SealingCertificate; readonly manifest: string | undefined },
): Promise<number> {
  const place = rawPlace(flags);
  const plain = await rawInput(ports, flags, manifest);
  const sealed = sealValue(certificate.publicKey, place, plain);
  plain.fill(0);
  await writeManifest(ports, flags, Buffer.from(sealed));
  return 0;
}

async function plainSecrets(
  ports: Ports,
  flags: Flags,
  path: string | undefined,
): Promise<{ readonly secrets: readonly PlainSecret[]; readonly format: Format }> {
  if (flags.has('from-file') || flags.has('from-env-file')) {
    if (path !== undefined)
      throw refused('values come from a manifest or from --from-file', 'Give one of them.');
    return { secrets: [await secretFromFlags(ports, flags)], format: 'yaml' };
  }
  const file = await readManifests(ports, flags, path);
  return {
    secrets: secretsIn(file).map((secret) => withFlags(secret, flags)),
    format: file.document.format,
  };
}

async function secretFromFlags(ports: Ports, flags: Flags): Promise<PlainSecret> {
  return {
    name: flags.text('name') ?? null,
    namespace: flags.text('namespace') ?? null,
    type: flags.text('type') ?? null,
    immutable: null,
    labels: new Map(),
    annotations: new Map(),
    values: await readSecretValues(ports, flags),
  };
}

/** Flags fill in what the manifest leaves open. @throws CommandError where they contradict it */
function withFlags(secret: PlainSecret, flags: Flags): PlainSecret {
  const field = (name: 'name' | 'namespace') => {
    const given = flags.text(name);
    if (given === undefined || secret[name] === null || secret[name] === given)
      return secret[name] ?? given ?? null;
    throw refused(
      `the Secret has another ${name} than --${name} says`,
      `Leave --${name} out, or change the manifest.`,
    );
  };
  return { ...secret, name: field('name'), namespace: field('namespace') };
}

function scopeFor({ annotations }: PlainSecret, flags: Flags) {
  const given = flags.text('scope');
  if (given === undefined) return scopeOfAnnotations((name) => annotations.get(name));
  if (isSealedScope(given)) return given;
  throw unknownScope();
}

async function merge(
  ports: Ports,
  flags: Flags,
  {
    secrets,
    certificate,
  }: { readonly secrets: readonly PlainSecret[]; readonly certificate: SealingCertificate },
): Promise<void> {
  const [secret, second] = secrets;
  const target = flags.text('merge-into') ?? '';
  if (secret === undefined || second !== undefined)
    throw refused('--merge-into takes one Secret', 'Give a file with that one alone.');
  if (flags.has('output'))
    throw refused('--merge-into and --output contradict each other', 'Give one of them.');
  const file = await readManifests(ports, flags, target);
  if (file.bytes === null)
    throw refused(`${target} is encrypted by sops`, 'Merge into a SealedSecret.');
  const { bytes, texts, into } = mergeInto(file, secret, { certificate, flags });
  await noteSeals(ports, flags, { certificate, texts: [...texts.values()] });
  await writeAtomically({ path: resolve(ports.cwd, target), bytes, expected: file.bytes });
  ports.stderr(
    `tidelock: ${target}: ${texts.size} sealed into ${into.name}, scope ${into.place.scope}\n`,
  );
}
