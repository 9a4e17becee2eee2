import {
  type Deployment,
  folderOf,
  type Manifest,
  type Source,
  structureOf,
} from '@tidelock/guard';
import { LeftToHand, type RemoteSecret } from './remote-secret.ts';

/** A Secret with the file that it gets. */
export interface Placed {
  readonly manifest: Manifest;
  readonly secret: RemoteSecret;
  readonly path: string;
  /** Whether the file is that of the ExternalSecret, which nothing else stands in. */
  readonly inPlace: boolean;
}

/**
 * The file of a Secret: that of the ExternalSecret, so that whoever names it names the Secret; beside
 * it, where other objects stand in there too.
 * @throws LeftToHand where the file cannot be taken apart
 */
export function placementOf(
  { tree }: Deployment,
  {
    manifest,
    secret,
    isOnly,
  }: { readonly manifest: Manifest; readonly secret: RemoteSecret; readonly isOnly: boolean },
): Placed {
  const { source } = manifest;
  requireSeparable(manifest);
  if (isOnly && structureOf(source).documents.length === 1)
    return { manifest, secret, path: source.path, inPlace: true };
  const folder = folderOf(source.path);
  const names = [secret.name, ...(isOnly ? [] : [secret.namespace ?? ''])].join('.');
  const path = `${folder === '' ? '' : `${folder}/`}${names}.secret.yaml`;
  if (tree.hasFile(path))
    throw new LeftToHand(`${path}, where its Secret would be, is there already`);
  return { manifest, secret, path, inPlace: false };
}

function requireSeparable({ source, map, path }: Manifest): void {
  const { documents, unparsed } = structureOf(source);
  if (unparsed.length > 0)
    throw new LeftToHand('a part of its file is a template or does not parse');
  if (path.length > 0)
    throw new LeftToHand('it is an item of a list: make it a document of its own');
  if (!documents.some(({ root }) => root === map))
    throw new LeftToHand('its file holds it in a way that cannot be taken apart');
  if (!Buffer.from(source.text ?? '').equals(source.bytes))
    throw new LeftToHand('its file is no plain UTF-8: save it as that');
}

/** Below `templates/` of a chart: Helm renders it, and does not decrypt. */
export function isInChart(path: string, hasFile: (path: string) => boolean): boolean {
  const parts = path.split('/');
  return parts.some(
    (part, i) => part === 'templates' && hasFile([...parts.slice(0, i), 'Chart.yaml'].join('/')),
  );
}

/** The text without some of its documents; null: nothing is left of it. */
export function withoutDocuments(source: Source, taken: readonly Manifest[]): string | null {
  const text = source.text ?? '';
  const { documents } = structureOf(source);
  const kept = documents.filter(({ root }) => !taken.some(({ map }) => map === root));
  if (kept.length === 0) return null;
  return kept
    .map(({ span }) => text.slice(span.start, span.end))
    .join('')
    .replace(/^---[ \t]*\r?\n/, text.startsWith('---') ? '$&' : '');
}
