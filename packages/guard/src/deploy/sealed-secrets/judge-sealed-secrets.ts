import { keyName, ownWords, type SafeText, say } from '../../mask.ts';
import { descendant, textOf } from '../../structure/tree.ts';
import type { BuildContext } from '../build-contexts.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { isVariable, type Manifest, spanAt } from '../manifest.ts';
import { folderOf } from '../paths.ts';
import { judgeCertificates } from './judge-certificates.ts';
import { judgeSealedValues } from './judge-sealed-values.ts';
import { scopeOf, sealedScope } from './sealed-scope.ts';

export const SEALED_SECRETS = 'bitnami.com';

/** Whether the controller will open what was sealed: name and namespace are part of the seal. */
export function* judgeSealedSecrets(deployment: Deployment): Iterable<DeployVerdict> {
  for (const manifest of deployment.tree.ofKind(SEALED_SECRETS, 'SealedSecret')) {
    if (manifest.version !== 'v1alpha1') {
      yield unknownVersion(manifest);
      continue;
    }
    yield* judgeScope(manifest);
    yield* judgePlace(deployment, manifest);
    yield* judgeTwin(deployment, manifest);
    yield* judgeSealedValues(manifest);
  }
  yield* judgeCertificates(deployment);
}

function unknownVersion({ source, map }: Manifest): DeployVerdict {
  return {
    ruleId: 'deploy/unknown',
    source,
    span: spanAt(map, 'apiVersion'),
    kind: 'version',
    message: say`a version of SealedSecret that is not known here: it was not looked into`,
    hint: say`Nothing, where that is meant`,
  };
}

function* judgeScope({ source, map }: Manifest): Iterable<DeployVerdict> {
  const own = sealedScope(map);
  const template = scopeOf(descendant(map, 'spec', 'template', 'metadata'));
  const base = { ruleId: 'deploy/sealed-secret-scope' as const, source };
  if (own === 'strict' && template !== 'strict')
    yield {
      ...base,
      span: spanAt(map, 'spec', 'template', 'metadata', 'annotations'),
      kind: 'template-only',
      message: say`the scope ${ownWords(template)} is on the template alone, and the controller reads it on the SealedSecret: it opens nothing`,
      hint: say`Put the annotation under metadata.annotations as well`,
    };
  for (const name of ['cluster-wide', 'namespace-wide']) {
    const key = `sealedsecrets.bitnami.com/${name}`;
    const value = textOf(descendant(map, 'metadata', 'annotations'), key);
    if (value === undefined || value === 'true' || value === 'false' || isVariable(value)) continue;
    yield {
      ...base,
      span: spanAt(map, 'metadata', 'annotations', key),
      kind: 'value',
      message: say`the annotation ${ownWords(name)} takes "true": with another value the scope is strict`,
      hint: say`Write "true", in quotes`,
    };
  }
}

function* judgePlace({ tree, contexts }: Deployment, manifest: Manifest): Iterable<DeployVerdict> {
  const scope = sealedScope(manifest.map);
  if (scope === 'cluster-wide') return;
  yield* judgeTemplateNames(manifest, scope === 'strict');
  const { name, namespace } = manifest;
  const found = contexts.ofFile(tree.pathOf(manifest.source)).filter(({ unknown }) => !unknown);
  const moved = found.find((one) => one.namespace !== null && one.namespace !== namespace);
  if (namespace !== null && moved !== undefined)
    yield misplaced(
      manifest,
      'namespace',
      say`sealed for the namespace ${keyName(namespace)}, and applied to ${keyName(moved.namespace ?? '')}`,
    );
  const renamed = scope === 'strict' && name !== null ? found.find(isRenaming) : undefined;
  if (renamed !== undefined)
    yield misplaced(
      manifest,
      'name',
      say`sealed for its name, and applied with ${keyName(renamed.prefix + renamed.suffix)} put to it`,
    );
}

const isRenaming = ({ prefix, suffix }: BuildContext) => prefix + suffix !== '';

/** kubeseal writes both alike: another name in the template is the one it was sealed for. */
function* judgeTemplateNames(manifest: Manifest, strict: boolean): Iterable<DeployVerdict> {
  const template = descendant(manifest.map, 'spec', 'template', 'metadata');
  for (const field of strict ? (['namespace', 'name'] as const) : (['namespace'] as const)) {
    const [inner, outer] = [textOf(template, field), manifest[field]];
    if (inner === undefined || inner === '' || outer === null || isVariable(inner)) continue;
    if (inner === outer) continue;
    yield {
      ...misplaced(
        manifest,
        'template',
        say`the ${ownWords(field)} of the template is another than its own: one of them was changed after sealing`,
      ),
      severity: 'warning',
    };
  }
}

function misplaced(manifest: Manifest, kind: string, message: SafeText): DeployVerdict {
  return {
    ruleId: 'deploy/sealed-secret-place',
    source: manifest.source,
    span: spanAt(manifest.map, 'metadata', kind === 'name' ? 'name' : 'namespace'),
    treePath: [...manifest.path, 'metadata', kind],
    kind,
    message: say`${message}: the controller cannot open it`,
    hint: say`Seal it again for where it goes, or with the scope cluster-wide`,
  };
}

/** A Secret of the same name that the controller did not make is not touched by it. */
function* judgeTwin({ tree }: Deployment, manifest: Manifest): Iterable<DeployVerdict> {
  const { name, namespace, source } = manifest;
  if (name === null) return;
  const folder = folderOf(source.path);
  const twin = tree
    .named('Secret', name)
    .find(
      (one) =>
        one.group === '' && one.namespace === namespace && folderOf(one.source.path) === folder,
    );
  if (twin === undefined) return;
  yield {
    ruleId: 'deploy/sealed-secret-twin',
    source: twin.source,
    span: spanAt(twin.map, 'metadata', 'name'),
    treePath: [...twin.path, 'metadata', 'name'],
    message: say`a Secret of the name of a SealedSecret beside it: the controller leaves what it did not make`,
    hint: say`Change its values, seal them, and take this file out`,
  };
}
