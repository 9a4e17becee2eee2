import { say } from '../../mask.ts';
import {
  child,
  descendant,
  elementsOf,
  leavesOf,
  type Scalar,
  type Tree,
  textOf,
} from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { hasText, isVariable, type Manifest, manifestsOf } from '../manifest.ts';
import { folderOf, joinPath, normalPath } from '../paths.ts';
import { judgeEncryptedFile, judgeKsops, pluginPath } from './judge-ksops.ts';

/** What Argo CD decrypts by its plugins: the files are there, and are encrypted. */
export function* judgeArgo(deployment: Deployment): Iterable<DeployVerdict> {
  yield* judgeKsops(deployment);
  for (const kind of ['Application', 'ApplicationSet'])
    for (const manifest of deployment.tree.ofKind('argoproj.io', kind))
      yield* judgeHelmSecrets(deployment, manifest);
  for (const source of deployment.tree.sources) {
    if (!hasText(source, PLACEHOLDER)) continue;
    for (const manifest of manifestsOf(source)) yield* judgePlaceholders(deployment, manifest);
  }
}

const PLACEHOLDER = Buffer.from('<path:');

/** `secrets://values.yaml`, `secrets+age-import:///keys/age.txt?values.yaml` and their like. */
function* judgeHelmSecrets({ tree }: Deployment, manifest: Manifest): Iterable<DeployVerdict> {
  const template = manifest.kind === 'ApplicationSet' ? ['spec', 'template', 'spec'] : ['spec'];
  const spec = descendant(manifest.map, ...template);
  const single = child(spec, 'source');
  const sources = [
    ...(single === undefined ? [] : [single]),
    ...elementsOf(child(spec, 'sources')),
  ];
  const roots = new Map(
    sources.flatMap((one) => {
      const ref = textOf(one, 'ref');
      return ref === undefined ? [] : [[`$${ref}`, textOf(one, 'path') ?? '']];
    }),
  );
  for (const source of sources) {
    for (const scalar of valueFiles(source)) {
      const reference = /^secrets(?:\+([a-z-]+))?:\/\/(.*)$/s.exec(scalar.value);
      if (reference === null) continue;
      const path = helmSecretsPath(reference[1], reference[2] ?? '', {
        folder: textOf(source, 'path') ?? null,
        isRef: (name) => roots.has(name),
      });
      if (path === null || !tree.covers(path) || !isHere(tree, path)) continue;
      yield* judgeEncryptedFile(
        { tree, path, by: 'helm-secrets' },
        { source: manifest.source, span: scalar.span },
      );
    }
  }
}

function valueFiles(source: Tree): Scalar[] {
  const helm = child(source, 'helm');
  const files = elementsOf(child(helm, 'valueFiles'));
  const parameters = elementsOf(child(helm, 'fileParameters')).map((one) => child(one, 'path'));
  return [...files, ...parameters].flatMap((one) => (one?.kind === 'scalar' ? [one] : []));
}

interface ValuesBase {
  /** Where the chart is; null: in a registry, so that a relative path is in it. */
  readonly folder: string | null;
  readonly isRef: (name: string) => boolean;
}

/** null: fetched from elsewhere, or not to be known. */
function helmSecretsPath(how: string | undefined, rest: string, base: ValuesBase): string | null {
  const text = how === undefined || !rest.includes('?') ? rest : rest.slice(rest.indexOf('?') + 1);
  if (isVariable(text) || /^[a-z][a-z0-9+.-]*:/i.test(text)) return null;
  const [first = ''] = text.split('/');
  if (first.startsWith('$')) {
    return base.isRef(first) ? normalPath(text.slice(first.length)) : null;
  }
  if (base.folder === null || isVariable(base.folder)) return null;
  return text.startsWith('/') ? normalPath(text) : joinPath(base.folder, text);
}

/** The folder it would be in is of this repository: an Application may be about any other. */
function isHere(tree: Deployment['tree'], path: string): boolean {
  return tree.hasFolder(folderOf(path)) && folderOf(path) !== '' ? true : tree.hasFile(path);
}

/** `<path:secret/data/db#password>`: without the key behind `#` it is left as it stands. */
function* judgePlaceholders({ tree }: Deployment, manifest: Manifest): Iterable<DeployVerdict> {
  if (manifest.encrypted) return;
  for (const { path, scalar } of leavesOf(manifest.map, manifest.path)) {
    for (const [, inner = ''] of scalar.value.matchAll(/<path:([^<>\n]{1,1000})>/g)) {
      const [target = '', key = ''] = inner.split('|')[0]?.split('#') ?? [];
      if (key.trim() === '' && pluginPath(manifest.map) === undefined)
        yield {
          ruleId: 'deploy/argo-placeholder',
          source: manifest.source,
          span: scalar.span,
          treePath: path,
          message: say`a placeholder of the Vault plugin without the key behind #: it is applied as it stands`,
          hint: say`Write <path:PATH#KEY>`,
        };
      const file = /\.(?:ya?ml|json|env)$/.test(target.trim()) ? joinPath('', target.trim()) : null;
      if (file !== null && tree.hasFile(file))
        yield* judgeEncryptedFile(
          { tree, path: file, by: 'argocd-vault-plugin' },
          { source: manifest.source, span: scalar.span },
        );
    }
  }
}
