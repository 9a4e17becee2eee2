import { formatOf, tokenType } from '@tidelock/core';
import { keyName, ownWords, say } from '../../mask.ts';
import { wholeView } from '../../policy/sops-facts.ts';
import { isSopsFile, looksLikeBlock } from '../../sops-file.ts';
import type { Source } from '../../source.ts';
import { structureOf } from '../../structure/structure.ts';
import {
  child,
  descendant,
  entriesOf,
  leavesOf,
  type TreeMap,
  textOf,
} from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import { spanAt } from '../manifest.ts';

const TOKEN = 'ENC[AES256_GCM,';

/** An encrypted file among the resources: what is built of it is decrypted object by object. */
export function* judgeResource(source: Source): Iterable<DeployVerdict> {
  if (!isSopsFile(source) && wholeView(source) === null) return;
  const format = wholeView(source)?.format ?? formatOf(source.path);
  const roots = structureOf(source).documents.map(({ root }) => root);
  if (format === 'dotenv' || format === 'ini' || roots.length === 0) {
    yield notResource(source);
    return;
  }
  for (const root of roots) {
    if (root.kind !== 'map' || root.entries.length === 0 || isDisabled(root)) continue;
    const hasBlock = looksLikeBlock(child(root, 'sops'));
    if (textOf(root, 'apiVersion') === undefined || textOf(root, 'kind') === undefined) {
      if (hasBlock) yield notResource(source);
      continue;
    }
    if (!hasBlock) yield* withoutBlock(source, root);
    else {
      yield* encryptedIdentity(source, root);
      yield* valueTypes(source, root);
    }
  }
}

/** `kustomize.toolkit.fluxcd.io/decrypt: disabled`, as a label or an annotation. */
export function isDisabled(root: TreeMap): boolean {
  return ['annotations', 'labels'].some((field) => {
    const value = textOf(
      descendant(root, 'metadata', field),
      'kustomize.toolkit.fluxcd.io/decrypt',
    );
    return value?.toLowerCase() === 'disabled';
  });
}

function notResource(source: Source): DeployVerdict {
  return {
    ruleId: 'deploy/flux-not-a-resource',
    source,
    span: null,
    message: say`encrypted, and no object of Kubernetes: the build of everything beside it fails`,
    hint: say`Use it in a secretGenerator, or move it out of the folder that is built`,
  };
}

function* withoutBlock(source: Source, root: TreeMap): Iterable<DeployVerdict> {
  for (const { path, scalar } of leavesOf(root)) {
    if (!scalar.value.startsWith(TOKEN)) continue;
    yield {
      ruleId: 'deploy/flux-left-encrypted',
      source,
      span: scalar.span,
      treePath: path,
      kind: 'document',
      message: say`encrypted values in a document without a sops block of its own: Flux applies them as they are`,
      hint: say`Decrypt the file and encrypt it again: every document gets its block`,
    };
    return;
  }
}

function* encryptedIdentity(source: Source, root: TreeMap): Iterable<DeployVerdict> {
  for (const field of ['apiVersion', 'kind', 'metadata']) {
    const tree = child(root, field);
    if (tree === undefined) continue;
    for (const { path, scalar } of leavesOf(tree, [field])) {
      if (!scalar.value.startsWith(TOKEN)) continue;
      yield {
        ruleId: 'deploy/flux-encrypted-field',
        source,
        span: scalar.span,
        treePath: path,
        kind: field,
        message: say`${ownWords(field)} is encrypted: Flux builds before it decrypts, and cannot tell what this is`,
        hint: say`Encrypt the values alone: encrypted_regex: ^(data|stringData)$ in the creation rule, then decrypt and encrypt again`,
      };
      break;
    }
  }
}

const KEPT: readonly string[] = ['str', 'bytes', 'comment'];

/** A number that was encrypted is a number again, which no Secret takes. */
function* valueTypes(source: Source, root: TreeMap): Iterable<DeployVerdict> {
  const kind = textOf(root, 'kind');
  if (kind !== 'Secret' && kind !== 'ConfigMap') return;
  for (const field of ['data', 'stringData', 'binaryData']) {
    for (const { key, value } of entriesOf(child(root, field))) {
      if (value.kind !== 'scalar') continue;
      const type = tokenType(value.value);
      if (type === null || KEPT.includes(type)) continue;
      yield {
        ruleId: 'deploy/flux-value-type',
        source,
        span: spanAt(root, field, key),
        treePath: [field, key],
        message: say`the encrypted value of ${keyName(key)} is of the type ${typeName(type)}: decrypted it is no text, and the API server refuses it`,
        hint: say`Put quotes around it before it is encrypted: tidelock edit FILE`,
      };
    }
  }
}

const typeName = (type: string) =>
  ownWords(['int', 'float', 'bool', 'bytes', 'time'].includes(type) ? type : 'unknown');
