import { fileName, ownWords, say } from '../../mask.ts';
import { wholeView } from '../../policy/sops-facts.ts';
import { isSopsFile } from '../../sops-file.ts';
import { child, descendant, elementsOf, type Scalar, textOf } from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { isVariable, type Manifest } from '../manifest.ts';
import { folderOf, joinPath } from '../paths.ts';

/** ksops generators: the files they decrypt exist, are encrypted, and go to the cluster by no other way. */
export function* judgeKsops({ tree, graph }: Deployment): Iterable<DeployVerdict> {
  const generators = tree.manifests.filter(
    ({ kind, group }) => kind === 'ksops' && group === 'viaduct.ai',
  );
  for (const generator of generators) {
    const folder = folderOf(tree.pathOf(generator.source));
    const listed = new Set(
      graph
        .folder(folder)
        ?.kustomization?.references.filter(({ use }) => use === 'resource')
        .map(({ path }) => joinPath(folder, path)),
    );
    for (const scalar of filesOf(generator)) {
      if (isVariable(scalar.value)) continue;
      const path = joinPath(folder, scalar.value);
      if (path === null || !tree.covers(path)) continue;
      yield* judgeEncryptedFile(
        { tree, path, by: 'ksops' },
        { source: generator.source, span: scalar.span },
      );
      if (listed.has(path))
        yield {
          ruleId: 'deploy/argo-file',
          source: generator.source,
          span: scalar.span,
          kind: 'listed-twice',
          message: say`${fileName(path)} is among the resources of the kustomization too, and is applied encrypted from there`,
          hint: say`Take it out of resources:`,
        };
    }
  }
}

function filesOf({ map }: Manifest): Scalar[] {
  const lists = [
    child(map, 'files'),
    child(map, 'secretFrom'),
    descendant(map, 'spec', 'files'),
  ].flatMap((tree) => elementsOf(tree));
  return lists.flatMap((element) => {
    if (element.kind === 'scalar') return [element];
    const inner = ['files', 'binaryFiles', 'envs'].flatMap((name) =>
      elementsOf(child(element, name)),
    );
    return inner.flatMap((one) => (one.kind === 'scalar' ? [afterEquals(one)] : []));
  });
}

/** `key=path` as kustomize writes it. */
function afterEquals(scalar: Scalar): Scalar {
  const equals = scalar.value.indexOf('=');
  return equals === -1 ? scalar : { ...scalar, value: scalar.value.slice(equals + 1) };
}

interface Named {
  readonly tree: Deployment['tree'];
  readonly path: string;
  /** Who decrypts it. */
  readonly by: 'ksops' | 'helm-secrets' | 'argocd-vault-plugin';
}

/** A file that somebody refers to in order to have it decrypted. */
export function* judgeEncryptedFile(
  { tree, path, by }: Named,
  at: Pick<DeployVerdict, 'source' | 'span'>,
): Iterable<DeployVerdict> {
  const source = tree.source(path);
  const who = ownWords(by);
  if (source === undefined) {
    if (tree.hasFile(path)) return;
    yield {
      ...at,
      ruleId: 'deploy/argo-file',
      kind: 'missing',
      message: say`${who} is to decrypt ${fileName(path)}, and there is no such file`,
      hint: say`Correct the path, or add the file`,
    };
    return;
  }
  if (source.mode === '120000' || isSopsFile(source) || wholeView(source) !== null) return;
  yield {
    ...at,
    ruleId: 'deploy/argo-file',
    kind: 'plain',
    message: say`${who} is to decrypt ${fileName(path)}, and that is not encrypted`,
    hint: say`Change what is secret in it, then encrypt it: tidelock encrypt -i ${fileName(path)}`,
  };
}

/** Whether an object carries the mark of the Vault plugin: its placeholders are in `<…>`. */
export function pluginPath(map: Manifest['map']): string | undefined {
  return textOf(descendant(map, 'metadata', 'annotations'), 'avp.kubernetes.io/path');
}
