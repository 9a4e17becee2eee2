import { parseAllDocuments } from 'yaml';
import { encryptWith, type Keys } from './encrypt-example.ts';
import { FluxDriver, type Thing } from './flux-driver.ts';
import { type DeployExample, sourcesOf } from './load.ts';

/** Whether all that the Kustomizations of an example build is applied, and nothing of it encrypted. */
export async function arrives(example: DeployExample, keys: Keys): Promise<boolean> {
  for (const { path, decrypt } of kustomizationsOf(example)) {
    const sources = await sourcesOf(example, (...file) => encryptWith(keys, ...file));
    const driver = new FluxDriver(sources, keys);
    try {
      const things = await driver.build(path, decrypt);
      if (!things.every(isAccepted)) return false;
    } catch {
      return false;
    }
  }
  return true;
}

interface FluxObject {
  readonly kind?: string;
  readonly spec?: { readonly path?: string; readonly decryption?: { readonly provider?: string } };
}

function kustomizationsOf({ files }: DeployExample) {
  return files
    .filter(({ text }) => text.includes('kustomize.toolkit.fluxcd.io'))
    .flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS() as FluxObject | null))
    .filter((one) => one?.kind === 'Kustomization')
    .map((one) => ({
      path: one?.spec?.path ?? '',
      decrypt: one?.spec?.decryption?.provider === 'sops',
    }));
}

/** What the API server takes, with no ciphertext left in it. */
function isAccepted(thing: Thing): boolean {
  if (thing.sops !== undefined) return false;
  const texts = Object.entries({ ...thing.data, ...(thing.stringData as object) });
  if (thing.kind === 'Secret' && texts.some(([, value]) => typeof value !== 'string')) return false;
  const decoded = texts.map(([, value]) => Buffer.from(String(value), 'base64').toString('utf8'));
  return ![JSON.stringify(thing), ...decoded].some((text) => text.includes('ENC[AES256_GCM'));
}
