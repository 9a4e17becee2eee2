import { type SafeText, say } from '../mask.ts';
import { formOf } from '../placeholder.ts';
import { secretLeaf } from '../secret-leaf.ts';
import { plainDocumentsOf } from '../sops-file.ts';
import {
  child,
  descendant,
  elementsOf,
  entriesOf,
  leavesOf,
  type Tree,
  type TreeLeaf,
  textOf,
} from '../structure/tree.ts';
import type { FileRule, TreePath } from '../types.ts';

interface Shape {
  readonly kind: string;
  readonly what: SafeText;
  /** Words of which one is in every such file. */
  readonly needs: readonly string[];
  /** Leaves that are secret, when the document is of this kind. */
  leaves(root: Tree): Iterable<TreeLeaf>;
}

/** Files that programs keep their credentials in, by what is in them and not by their names. */
export const credentialsDocument: FileRule = {
  id: 'plaintext/credentials-file',
  severity: 'error',
  title: 'A file of credentials in plain text',
  docs: {
    why: 'Such a file is a login: whoever copies it acts as the one it was issued to.',
    fix: 'Revoke what is in it, keep its successor out of the repository or encrypted.',
  },
  *check(source) {
    const text = source.text;
    if (text === null) return;
    const shapes = SHAPES.filter(({ needs }) => needs.some((word) => text.includes(word)));
    if (shapes.length === 0) return;
    for (const { root } of plainDocumentsOf(source)) {
      for (const { kind, what, leaves } of shapes) {
        for (const leaf of leaves(root)) {
          if (isReadable(leaf)) yield secretLeaf({ ...leaf, what, kind });
        }
      }
    }
  },
};

function isReadable({ scalar }: TreeLeaf): boolean {
  return scalar.quoted || !/^(?:null|~|true|false|)$/.test(scalar.value)
    ? formOf(scalar.value) === 'plain'
    : false;
}

function* named(tree: Tree | undefined, path: TreePath, names: RegExp): Iterable<TreeLeaf> {
  if (tree === undefined) return;
  for (const leaf of leavesOf(tree, path)) {
    const last = leaf.path.at(-1);
    if (typeof last === 'string' && names.test(last)) yield leaf;
  }
}

const SHAPES: readonly Shape[] = [
  {
    kind: 'kubeconfig',
    what: say`a credential of a kubeconfig`,
    needs: ['client-key-data', 'users'],
    *leaves(root) {
      const clusters = child(root, 'clusters') ?? child(root, 'contexts');
      if (clusters === undefined && textOf(root, 'kind') !== 'Config') return;
      for (const [i, user] of elementsOf(child(root, 'users')).entries()) {
        const names =
          /^(?:client-key-data|token|password|id-token|access-token|refresh-token|client-secret)$/;
        yield* named(child(user, 'user'), ['users', i, 'user'], names);
      }
    },
  },
  {
    kind: 'docker-config',
    what: say`a login of a container registry`,
    needs: ['auths', '"auth"', 'identitytoken'],
    *leaves(root) {
      const auths = child(root, 'auths') ?? root;
      for (const { key, value } of entriesOf(auths)) {
        const host = /[./:]|^localhost/.test(key);
        if (!host || value.kind !== 'map') continue;
        const path = auths === root ? [key] : ['auths', key];
        for (const leaf of named(value, path, /^(?:auth|password|identitytoken|registrytoken)$/)) {
          if (!/^auth$/.test(String(leaf.path.at(-1))) || opensRegistry(leaf.scalar.value))
            yield leaf;
        }
      }
    },
  },
  {
    kind: 'encryption-configuration',
    what: say`a key of the cluster's encryption at rest`,
    needs: ['EncryptionConfig'],
    *leaves(root) {
      if (!/^EncryptionConfig(?:uration)?$/.test(textOf(root, 'kind') ?? '')) return;
      yield* named(child(root, 'resources'), ['resources'], /^secret$/);
    },
  },
  {
    kind: 'talos',
    what: say`a secret of a Talos cluster`,
    needs: ['machine:', '"machine"', 'bootstraptoken', 'trustdinfo', 'talos'],
    *leaves(root) {
      const machine = child(root, 'machine');
      const cluster = child(root, 'cluster');
      if (machine !== undefined && cluster !== undefined) {
        yield* named(machine, ['machine'], /^(?:token|key)$/);
        const names = /^(?:secret|token|key|aescbcEncryptionSecret|secretboxEncryptionSecret)$/;
        yield* named(cluster, ['cluster'], names);
      }
      if (
        child(root, 'trustdinfo') !== undefined ||
        descendant(root, 'secrets', 'bootstraptoken')
      ) {
        yield* named(
          root,
          [],
          /^(?:token|key|secret|bootstraptoken|secretboxencryptionsecret|aescbcencryptionsecret)$/,
        );
      }
      const contexts = child(root, 'contexts');
      if (contexts?.kind === 'map') yield* named(contexts, ['contexts'], /^key$/);
    },
  },
  {
    kind: 'cloud-credentials',
    what: say`a credential of a cloud account`,
    needs: [
      'service_account',
      'authorized_user',
      'clientSecret',
      'aadClientSecret',
      'client_secret',
    ],
    *leaves(root) {
      const type = textOf(root, 'type');
      if (type === 'service_account') yield* named(root, [], /^private_key$/);
      if (type === 'authorized_user') yield* named(root, [], /^(?:refresh_token|client_secret)$/);
      const installed = child(root, 'installed') ?? child(root, 'web');
      if (installed !== undefined) {
        const at = child(root, 'installed') === undefined ? 'web' : 'installed';
        yield* named(installed, [at], /^client_secret$/);
      }
      if (textOf(root, 'tenantId') !== undefined || textOf(root, 'subscriptionId') !== undefined) {
        yield* named(root, [], /^(?:clientSecret|aadClientSecret|clientSecretKey)$/);
      }
    },
  },
  {
    kind: 'npm-config',
    what: say`a login of a package registry`,
    needs: ['npmAuthToken', 'npmAuthIdent', 'http-basic', 'github-oauth', 'gitlab-token'],
    *leaves(root) {
      yield* named(root, [], /^(?:npmAuthToken|npmAuthIdent)$/);
      for (const at of [
        'http-basic',
        'github-oauth',
        'gitlab-token',
        'gitlab-oauth',
        'bearer',
        'bitbucket-oauth',
      ]) {
        const tree = child(root, at);
        if (tree?.kind !== 'map') continue;
        for (const leaf of leavesOf(tree, [at])) {
          if (!/^(?:username|consumer-key)$/.test(String(leaf.path.at(-1)))) yield leaf;
        }
      }
    },
  },
  {
    kind: 'vault-unseal-keys',
    what: say`a key that unseals Vault`,
    needs: ['unseal_keys', 'keys_base64', 'root_token'],
    *leaves(root) {
      for (const at of [
        'unseal_keys_b64',
        'unseal_keys_hex',
        'keys',
        'keys_base64',
        'recovery_keys_b64',
      ]) {
        if (textOf(root, 'root_token') === undefined && !at.startsWith('unseal')) continue;
        const tree = child(root, at);
        if (tree?.kind === 'list') yield* leavesOf(tree, [at]);
      }
      yield* named(root, [], /^root_token$/);
    },
  },
  {
    kind: 'terraform-credentials',
    what: say`a token of a Terraform registry`,
    needs: ['credentials'],
    *leaves(root) {
      const credentials = child(root, 'credentials');
      for (const { key, value } of entriesOf(credentials)) {
        if (key.includes('.') && value.kind === 'map')
          yield* named(value, ['credentials', key], /^token$/);
      }
    },
  },
];

/** Base64 of `user:password`, of which the password is no placeholder. */
function opensRegistry(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon === -1 ? value.length >= 16 : formOf(decoded.slice(colon + 1)) === 'plain';
}
