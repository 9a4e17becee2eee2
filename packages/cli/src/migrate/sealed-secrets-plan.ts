import { join } from 'node:path';
import { formatOf, type MasterKey, TidelockError } from '@tidelock/core';
import { kustomizationsOfKind, patchFiles, type Source } from '@tidelock/guard';
import { ExitCodeError } from '../exit-codes.ts';
import type { Input } from '../files/input.ts';
import type { Flags } from '../flags.ts';
import { type CreationConfig, proposeCreationConfig } from '../init/creation-config.ts';
import { type Survey, surveyRepository } from '../init/survey.ts';
import { nameOfKind, objectsOf } from '../manifests/kube-object.ts';
import { openManifests } from '../manifests/manifest-file.ts';
import type { PlainSecret } from '../manifests/plain-secret.ts';
import { manifestText, secretNode } from '../manifests/write-manifest.ts';
import type { Ports } from '../ports.ts';
import { openSealed, withoutSealing } from '../sealed-secrets/open-sealed.ts';
import type { RecoveryKeys } from '../sealed-secrets/recovery-keys.ts';
import {
  isSealedSecret,
  type SealedObject,
  sealedObject,
} from '../sealed-secrets/sealed-manifest.ts';
import type { ByHand, PlannedFile } from './cleartext-plan.ts';
import { ruleForPath } from './rule-for-path.ts';
import { ValueSearch } from './value-search.ts';
import { MANIFEST_SELECTION } from './way-to-encrypt.ts';

export interface SealedSecretsPlan {
  readonly survey: Survey;
  readonly creation: CreationConfig;
  readonly files: readonly PlannedFile[];
  readonly byHand: readonly ByHand[];
  readonly search: ValueSearch;
}

export interface SealedSecretsRequest {
  readonly root: string;
  /** Only what lies below it; `''` or with a final `/`. */
  readonly prefix: string;
  /** Whom the files are for, where no rule says it. */
  readonly keys: readonly MasterKey[];
  readonly recoveryKeys: RecoveryKeys;
}

/** Opens every SealedSecret of a repository in memory, and says what becomes of it; nothing is written. */
export async function planSealedSecrets(
  ports: Ports,
  flags: Flags,
  { root, prefix, keys, recoveryKeys }: SealedSecretsRequest,
): Promise<SealedSecretsPlan> {
  const survey = await surveyRepository(ports, root);
  const sources = survey.sources.filter(
    (source) => source.path.startsWith(prefix) && mayHoldSealedSecrets(source),
  );
  const opened: OpenedFile[] = [];
  const byHand: ByHand[] = [...patchingKustomizations(survey)];
  const patches = patchFiles(survey.sources);
  for (const source of sources) {
    if (patches.has(source.path)) {
      const reason = 'it is a patch of kustomize: write it for the Secret, with tidelock edit';
      byHand.push({ path: source.path, values: [], reason });
      continue;
    }
    const input = inputOf(source, root);
    const found = await openFile({ ports, flags, input, source }, recoveryKeys);
    if (found === null) continue;
    if ('reason' in found) byHand.push({ path: source.path, values: [], ...found });
    else opened.push(found);
  }
  const creation = proposal(ports, survey, { keys, opened });
  const files = opened.flatMap(({ source, values, plain }): PlannedFile[] => {
    const chosen = ruleForPath(source.path, survey, creation);
    if (!('reason' in chosen)) return [{ source, values, plain, ...chosen }];
    byHand.push({ path: source.path, values, reason: chosen.reason });
    return [];
  });
  const search = new ValueSearch(
    opened.flatMap(({ secrets }) =>
      secrets.flatMap((secret) =>
        [...secret.values.values()].map((bytes) => Buffer.from(bytes).toString('utf8')),
      ),
    ),
  );
  return { survey, creation, files, byHand, search };
}

const patchingKustomizations = ({ sources }: Survey): readonly ByHand[] =>
  kustomizationsOfKind(sources, 'SealedSecret').map(({ path }) => ({
    path,
    values: [],
    reason: 'it names the kind SealedSecret in a patch or a selection: name Secret',
  }));

interface OpenedFile {
  readonly source: Source;
  readonly secrets: readonly PlainSecret[];
  readonly plain: Uint8Array;
  readonly values: readonly string[];
}

const mayHoldSealedSecrets = ({ path, name, mode, text }: Source) =>
  mode === null &&
  !/^kustomization\.ya?ml$/.test(name) &&
  /\.(?:ya?ml|json)$/i.test(path) &&
  text?.includes('SealedSecret') === true;

function inputOf({ path, bytes }: Source, root: string): Input {
  const format = formatOf(path);
  return {
    path,
    name: join(root, path),
    label: path,
    bytes,
    inputFormat: format,
    outputFormat: format,
  };
}

interface FileToOpen {
  readonly ports: Ports;
  readonly flags: Flags;
  readonly input: Input;
  readonly source: Source;
}

/** null: there is no SealedSecret in it. */
async function openFile(
  { ports, flags, input, source }: FileToOpen,
  keys: RecoveryKeys,
): Promise<OpenedFile | { readonly reason: string } | null> {
  try {
    const objects = objectsOf(await openManifests(ports, flags, input));
    const sealed = objects.filter(isSealedSecret);
    if (sealed.length === 0) return null;
    const other = objects.find((object) => !isSealedSecret(object));
    if (other !== undefined)
      return { reason: `it holds a ${nameOfKind(other)} too: give the SealedSecret its own file` };
    if (sealed.some(({ path }) => path.length > 0))
      return { reason: 'it is a list, and sops encrypts objects: make documents of its items' };
    const moved = sealed.map((object) => sealedObject(object));
    const secrets = moved.map((object) => withoutSeal(openSealed(object, keys)));
    const nodes = secrets.map((secret) => secretNode(secret, 'as-text'));
    const plain = manifestText(nodes, input.inputFormat);
    return { source, secrets, plain, values: moved.flatMap(namesOf) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

const withoutSeal = (secret: PlainSecret): PlainSecret => ({
  ...secret,
  annotations: withoutSealing(secret.annotations),
});

function namesOf({ name, namespace, place, entries, template }: SealedObject): readonly string[] {
  const where = `${namespace === null ? name : `${namespace}/${name}`} (${place.scope})`;
  const keys = new Set([...entries.map(({ key }) => key), ...template.data.keys()]);
  return [...keys].map((key) => `${where}: ${key}`);
}

/** What is no mistake of the file goes on. */
function reasonOf(error: unknown): string {
  const inner = error instanceof ExitCodeError ? error.error : error;
  if (!(inner instanceof TidelockError)) throw error;
  const isNamed = inner.position === undefined || inner.message.startsWith('line ');
  const line = isNamed ? '' : `line ${inner.position?.line}: `;
  return `${line}${inner.message}${inner.hint === undefined ? '' : `. ${inner.hint}`}`;
}

function proposal(
  ports: Ports,
  survey: Survey,
  { keys, opened }: { readonly keys: readonly MasterKey[]; readonly opened: readonly OpenedFile[] },
): CreationConfig {
  if (opened.length === 0) return { change: null, byHand: [], config: null, without: [] };
  return proposeCreationConfig({
    survey,
    keys,
    local: null,
    now: ports.now(),
    exactComment: 'Secrets that were SealedSecrets.',
    toEncrypt: opened.map(({ source }) => ({
      path: source.path,
      selection: MANIFEST_SELECTION,
    })),
  });
}
