import type { Format } from '@tidelock/core';
import { fileName, keyName, ownWords, type SafeText, say } from '../../mask.ts';
import { wholeView } from '../../policy/sops-facts.ts';
import { isSopsFile } from '../../sops-file.ts';
import type { Source } from '../../source.ts';
import { structureOf } from '../../structure/structure.ts';
import { child, entriesOf } from '../../structure/tree.ts';
import type { DeployTree } from '../deploy-tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { FileUse } from '../kustomize-graph.ts';
import { folderOf, joinPath } from '../paths.ts';
import {
  envFormat,
  hasMarker,
  LARGEST_DECRYPTED,
  markedFormat,
  valueFormat,
} from './flux-formats.ts';

/** A file that a kustomization hands to a generator, to a patch, or to something Flux leaves alone. */
export function* judgeGenerated(use: FileUse, tree: DeployTree): Iterable<DeployVerdict> {
  const { source, reference } = use;
  if (source.mode === '120000') {
    if (isLinkToSops(source, tree))
      yield leftEncrypted(use, 'symlink', say`a symbolic link: Flux decrypts regular files alone`);
    return;
  }
  if (!isEncryptedFile(source)) return;
  const place = PLACES[reference.use];
  if (place !== undefined) {
    yield leftEncrypted(use, 'place', place);
    return;
  }
  if (source.bytes.length > LARGEST_DECRYPTED) {
    yield leftEncrypted(use, 'size', say`larger than 5 MiB: Flux does not decrypt it`);
    return;
  }
  const reason = reference.use === 'secret-file' ? fileReason(use) : markReason(use);
  if (reason !== null) yield reason;
}

/** Uses in which Flux never decrypts. */
const PLACES: Readonly<Record<string, SafeText>> = {
  'config-map': say`encrypted, and not for a Secret: Flux decrypts no file of a configMapGenerator, of crds or of env`,
  'old-patch': say`encrypted: of patches Flux decrypts those under patches: alone`,
  'helm-values': say`encrypted: Flux decrypts no values file of helmCharts`,
  generator: say`encrypted: Flux decrypts no generator, transformer or configuration`,
};

function isEncryptedFile(source: Source): boolean {
  return isSopsFile(source) || wholeView(source) !== null;
}

/** Known where the link's own bytes are. */
function isLinkToSops(source: Source, tree: DeployTree): boolean {
  const to = joinPath(folderOf(tree.pathOf(source)), Buffer.from(source.bytes).toString('utf8'));
  const target = to === null || source.bytes.length === 0 ? undefined : tree.source(to);
  return target !== undefined && target.mode !== '120000' && isEncryptedFile(target);
}

/** `envs` and `patches`: the format is the path's, and its mark has to be there. */
function markReason(use: FileUse): DeployVerdict | null {
  const { source, reference } = use;
  const isEnv = reference.use === 'secret-env';
  const format = isEnv ? envFormat(reference.path) : valueFormat(reference.path);
  const have = wholeView(source)?.format ?? format;
  if (isEnv && format !== 'dotenv')
    return wrongFormat(use, say`decrypts to ${ownWords(format)}, and envs takes dotenv`);
  if (have !== format) return wrongFormat(use, mismatch(have, format));
  return hasMarker(source, format) ? null : withoutMark(use);
}

/**
 * `files`: decrypted as the format of the key before the build, or by its marks in the Secret that was
 * built of it.
 */
function fileReason(use: FileUse): DeployVerdict | null {
  const { source, reference } = use;
  const asked = valueFormat(reference.key);
  const have = wholeView(source)?.format ?? asked;
  const marked = markedFormat(source);
  if (marked === null) return withoutMark(use);
  const isBlob = have === 'json' && isBinary(source);
  if (asked === 'binary') return isBlob ? null : wrongFormat(use, mismatch(have, asked));
  if (isBlob)
    return wrongFormat(
      use,
      say`a binary file, and its key ${keyName(reference.key)} asks for ${ownWords(asked)}: the Secret gets the wrapping`,
    );
  const trees: readonly Format[] = ['yaml', 'json'];
  const same = have === asked || (trees.includes(have) && trees.includes(asked));
  return same ? null : wrongFormat(use, mismatch(have, asked));
}

const mismatch = (have: Format, asked: Format) =>
  say`encrypted as ${ownWords(have)}, and Flux takes it for ${ownWords(asked)} by the key it goes to`;

/** What sops makes of a file that has no tree: one value under `data`. */
function isBinary(source: Source): boolean {
  const root = structureOf(source).documents[0]?.root;
  const keys = entriesOf(root).map(({ key }) => key);
  return child(root, 'data')?.kind === 'scalar' && keys.length === 2 && keys.includes('sops');
}

function withoutMark(use: FileUse): DeployVerdict {
  return leftEncrypted(
    use,
    'marker',
    say`without the bytes by which Flux knows an encrypted file (compact JSON has none): it stays as it is`,
  );
}

function wrongFormat(use: FileUse, reason: SafeText): DeployVerdict {
  return leftEncrypted(use, 'format', reason);
}

const HINTS: Readonly<Record<string, SafeText>> = {
  symlink: say`Name the file itself, or put a copy in place of the link`,
  place: say`Use it in a secretGenerator, or make a Secret of it and list that under resources`,
  size: say`Split it: a Secret holds 1 MiB at most`,
  marker: say`Write it as sops does: decrypt it, and encrypt it again with tidelock encrypt -i FILE`,
  format: say`Give the key the suffix of the file's format (config.yaml=…), or encrypt the file as that format`,
};

function leftEncrypted(use: FileUse, kind: string, reason: SafeText): DeployVerdict {
  const from = use.reference;
  return {
    ruleId: 'deploy/flux-left-encrypted',
    source: use.source,
    span: null,
    kind,
    ...(use.reference.use === 'old-patch' ? { severity: 'warning' as const } : {}),
    message: say`${reason} (${usedAs(from.use)} ${fileName(from.path)})`,
    hint: HINTS[kind] ?? say`See the documentation of this rule`,
  };
}

const usedAs = (use: string) =>
  ownWords(use === 'secret-file' ? 'secretGenerator files:' : `${use}:`);
