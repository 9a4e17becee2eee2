import { zero } from '../bytes.ts';
import type { Document, MapNode, Value } from '../document/document.ts';
import { getAt, setAt, unsetAt } from '../document/edit.ts';
import { equalValues } from '../document/merge.ts';
import type { TreePath } from '../document/path.ts';
import { TidelockError } from '../errors.ts';
import { type DecryptOptions, decrypt } from './decrypt.ts';
import { alreadyEncrypted } from './require-metadata.ts';
import { reseal } from './reseal.ts';

export interface EditValueOptions extends DecryptOptions {
  readonly now: Date;
  /** Do nothing when there is nothing to change, rather than renew the MAC or fail. */
  readonly idempotent?: boolean;
}

export interface EditedDocument {
  /** The very document that was given when nothing changed. */
  readonly document: Document;
  readonly changed: boolean;
}

/**
 * Sets one value of an encrypted document, in its first YAML document (SOPS-FORMAT 9.4). Numbers
 * that are integers stay so, and arrays may be set, unlike in sops.
 * @throws as `decrypt`; TidelockError ERR_TREE_PATH, ERR_PATH_NOT_FOUND, ERR_ALREADY_ENCRYPTED for
 *   the key `sops`
 */
export async function setValue(
  document: Document,
  edit: { readonly path: TreePath; readonly value: Value },
  options: EditValueOptions,
): Promise<EditedDocument> {
  const { path, value } = edit;
  if (path[0] === 'sops') throw alreadyEncrypted('the key sops is where sops keeps its metadata');
  return editRoot(document, options, (root) => {
    const same = options.idempotent === true && hasValue(root, path, value);
    return same ? root : setAt(root, path, withoutSyntax(value));
  });
}

/**
 * Removes one value, map or list (SOPS-FORMAT 9.4).
 * @throws as `decrypt`; TidelockError ERR_TREE_PATH, ERR_PATH_NOT_FOUND unless idempotent
 */
export async function unsetValue(
  document: Document,
  path: TreePath,
  options: EditValueOptions,
): Promise<EditedDocument> {
  return editRoot(document, options, (root) => {
    try {
      return unsetAt(root, path);
    } catch (error) {
      if (options.idempotent === true && isNotFound(error)) return root;
      throw error;
    }
  });
}

async function editRoot(
  document: Document,
  options: EditValueOptions,
  edit: (root: MapNode) => MapNode,
): Promise<EditedDocument> {
  const opened = await decrypt(document, options);
  try {
    const [root = EMPTY, ...others] = opened.document.branches;
    const edited = edit(root);
    if (edited === root && options.idempotent === true) return { document, changed: false };
    return { document: reseal(opened, [edited, ...others], options), changed: true };
  } finally {
    zero(opened.dataKey);
  }
}

const EMPTY: MapNode = { kind: 'map', items: [] };

function hasValue(root: MapNode, path: TreePath, value: Value): boolean {
  try {
    return equalValues(getAt(root, path), value);
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof TidelockError && error.code === 'ERR_PATH_NOT_FOUND';
}

/** A value that was parsed stands in another text than the document it goes into. */
function withoutSyntax(value: Value): Value {
  switch (value.kind) {
    case 'leaf':
      return { kind: 'leaf', scalar: value.scalar };
    case 'list':
      return {
        kind: 'list',
        elements: value.elements.map((element) =>
          element.kind === 'comment' ? element : withoutSyntax(element),
        ),
      };
    case 'map':
      return {
        kind: 'map',
        items: value.items.map((item) =>
          item.kind === 'comment'
            ? item
            : { kind: 'entry', key: item.key, value: withoutSyntax(item.value) },
        ),
      };
  }
}
