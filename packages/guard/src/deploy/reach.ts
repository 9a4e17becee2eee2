import { wholeView } from '../policy/sops-facts.ts';
import { isSopsFile } from '../sops-file.ts';
import type { Source } from '../source.ts';
import { KUSTOMIZATION_NAMES } from './kustomization.ts';
import { hasText, judgedManifestsOf, mayHoldManifests } from './manifest.ts';
import { baseName, folderOf, joinPath } from './paths.ts';

/** One of these stands in every file, kustomizations aside, that says how others are delivered. */
export const DELIVERY_MARKS = [
  'kustomize.toolkit.fluxcd.io',
  'source.toolkit.fluxcd.io',
  'sops-age-secret',
  '.agekey',
  'public key:',
  'viaduct.ai',
  'secrets://',
  'secrets+',
  '<path:',
];

/** One of these stands in every other file with an object that refers to others, or is referred to. */
export const LINK_MARKS = [
  'external-secrets.io',
  'kubernetes-client.io',
  'bitnami.com',
  'rbac.authorization.k8s.io',
  'EncryptionConfig',
  'Namespace',
];

const MARKS = [...DELIVERY_MARKS, ...LINK_MARKS].map((mark) => Buffer.from(mark));

/**
 * Of which files more can be said once this one is another: of none; of this one; of it and those
 * beside it; of it and every manifest that links to it; of any.
 */
export type Reach = 'none' | 'itself' | 'folder' | 'links' | 'any';

export function reachOf(source: Source): Reach {
  if (isKustomization(source.path)) return 'any';
  if (source.mode === '120000') return 'itself';
  if (isOrMayBe(source) && MARKS.some((mark) => hasText(source, mark))) return 'any';
  const manifests = judgedManifestsOf(source);
  if (manifests.some(({ encrypted }) => !encrypted)) return 'links';
  if (manifests.length > 0) return 'folder';
  return isSopsFile(source) || wholeView(source) !== null || CERTIFICATE.test(source.path)
    ? 'itself'
    : 'none';
}

const isOrMayBe = (source: Source) => mayHoldManifests(source) || isSopsFile(source);
const CERTIFICATE = /\.(?:pem|crt|cert|cer)$/i;

export function isKustomization(path: string): boolean {
  return KUSTOMIZATION_NAMES.includes(baseName(path));
}

/** Where a symbolic link leads within the repository, by what Git keeps of it. */
export function linkTarget({ path, bytes, mode }: Source): string | null {
  return mode === '120000' ? joinPath(folderOf(path), Buffer.from(bytes).toString('utf8')) : null;
}
