import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import type { Document, Entry, MapNode, Value } from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import {
  canonicalStream,
  effectiveIndent,
  elementsText,
  inlineText,
  isBlock,
  SOPS_LAYOUT,
} from '../yaml/canonical.ts';
import { readYaml } from '../yaml/read.ts';
import { spliceYaml } from '../yaml/splice.ts';
import { withBlock } from '../yaml/splice-sops-block.ts';
import type { YamlLayout } from '../yaml/syntax.ts';
import type { CanonicalOptions, Store } from './store.ts';

/** `Origin.layout` of this store. */
interface YamlOriginLayout {
  readonly yaml: YamlLayout;
  /** The root of each document as it was read, with its `sops` entry. */
  readonly roots: readonly MapNode[];
}

/** YAML, one branch for each document of the stream (SOPS-FORMAT 4.1). */
export const yamlStore: Store = {
  format: 'yaml',
  parse: parseYaml,
  emit: emitYaml,
  emitCanonical: canonicalYaml,
  emitValue: yamlValue,
};

function parseYaml(bytes: Uint8Array): Document {
  const text = decodeUtf8(bytes);
  if (text === null) {
    throw new TidelockError('ERR_NOT_UTF8', 'the file is not valid UTF-8, so it is no YAML', {
      hint: 'Convert it to UTF-8, or encrypt it as it is with --input-type binary.',
    });
  }
  const { branches: roots, layout } = readYaml(text);
  const blocks = roots.map((root) => blockOf(text, root));
  const branches = roots.map(withoutBlock);
  const yaml: YamlOriginLayout = { yaml: layout, roots };
  return {
    format: 'yaml',
    branches,
    block: blocks[0] ?? null,
    origin: { text, branches, blocks, layout: yaml },
  };
}

function isSops(item: MapNode['items'][number]): item is Entry {
  return item.kind === 'entry' && item.key === 'sops';
}

function blockOf(text: string, root: MapNode): MapNode | null {
  const entry = root.items.findLast(isSops);
  if (entry === undefined) return null;
  if (entry.value.kind === 'map') return entry.value;
  throw new TidelockError('ERR_METADATA', 'the key sops holds no map', {
    position: positionAt(text, entry.syntax?.span.start ?? 0),
    hint: 'The key sops is for the metadata of sops: rename it, or restore the metadata from Git.',
  });
}

function withoutBlock(root: MapNode): MapNode {
  if (!root.items.some(isSops)) return root;
  return { ...root, items: root.items.filter((item) => !isSops(item)) };
}

function emitYaml(document: Document): Uint8Array {
  const { origin, branches, block } = document;
  if (origin === null) return canonicalYaml(document);
  const isUnchanged =
    block === (origin.blocks[0] ?? null) &&
    branches.length === origin.branches.length &&
    branches.every((branch, i) => branch === origin.branches[i]);
  if (isUnchanged) return encodeUtf8(origin.text);
  refuseSopsKey(document);
  const { yaml, roots } = origin.layout as YamlOriginLayout;
  const next = branches.map((branch, i) => {
    const old = roots[i];
    return old === undefined ? rootOf(branch, block) : withBlock(old, branch, block);
  });
  return encodeUtf8(spliceYaml({ text: origin.text, roots, layout: yaml }, next));
}

function canonicalYaml(document: Document, options: CanonicalOptions = {}): Uint8Array {
  refuseSopsKey(document);
  const { branches, block } = document;
  const indent = effectiveIndent(options.indent);
  const roots = branches.map((branch) => rootOf(branch, block));
  return encodeUtf8(canonicalStream(roots, { ...SOPS_LAYOUT, indent }));
}

function rootOf(branch: MapNode, block: MapNode | null): MapNode {
  if (block === null) return branch;
  return { ...branch, items: [...branch.items, { kind: 'entry', key: 'sops', value: block }] };
}

/** Beside the metadata there is no room for a key of that name. */
function refuseSopsKey({ branches, block }: Document): void {
  if (block === null || !branches.some((branch) => branch.items.some(isSops))) return;
  throw new TidelockError('ERR_EMIT', 'the document has a key sops of its own at the top', {
    hint: 'Rename that key: it is where the metadata goes.',
  });
}

function yamlValue(value: Value): Uint8Array {
  if (value.kind === 'leaf' && value.scalar.type === 'str') {
    const text = value.scalar.value;
    return typeof text === 'string' ? encodeUtf8(text) : text;
  }
  if (value.kind === 'map') return encodeUtf8(canonicalStream([value], SOPS_LAYOUT));
  if (value.kind === 'list' && isBlock(value)) {
    return encodeUtf8(elementsText(value.elements, 0, SOPS_LAYOUT));
  }
  return encodeUtf8(`${inlineText(value, { column: 0, inner: 0 }, SOPS_LAYOUT)}\n`);
}
