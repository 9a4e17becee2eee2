import { isVersion } from '@tidelock/core';
import { fileName, ownWords, type SafeText, say } from '../mask.ts';
import { sopsLeavesOf } from '../sops-leaves.ts';
import { type SopsView, sopsViewsOf } from '../sops-view.ts';
import type { Source } from '../source.ts';
import { tokenFault } from '../token-check.ts';
import type { FileRule, Problem, ProblemIn, SetRule } from '../types.ts';
import { blockFaults, sameBlock } from './block-shape.ts';

const RESTORE = say`Restore the sops block from the history: git log -p FILE`;

/** A sops file without its MAC: values can be swapped or taken from elsewhere unnoticed. */
export const macMissing: FileRule = {
  id: 'broken/mac-missing',
  severity: 'error',
  title: 'A sops file without its MAC',
  docs: {
    why: 'Without the MAC nobody notices values that were exchanged, removed or taken from another file.',
    fix: 'Restore the block from the history, or encrypt the file again.',
  },
  *check(source) {
    for (const { metadata } of sopsViewsOf(source)) {
      if (metadata === null || metadata.mac !== '') continue;
      yield { span: null, message: say`the sops block has no MAC`, hint: RESTORE };
    }
  },
};

/** A sops block that cannot be read as a whole, or that belongs to another file. */
export const brokenMetadata: SetRule = {
  id: 'broken/metadata',
  severity: 'error',
  title: 'A sops block that is incomplete, repeated or copied',
  docs: {
    why: 'Without a whole block of its own the file cannot be decrypted, or not by those who should.',
    fix: 'Restore the block from the history, or encrypt the file again.',
  },
  *checkAll(sources) {
    for (const source of sources) {
      for (const view of sopsViewsOf(source)) {
        for (const problem of faultsOf(view)) yield { ...problem, source };
      }
    }
    yield* copiedMacs(sources);
  },
};

function* faultsOf(view: SopsView): Iterable<Problem> {
  if (view.error !== null) {
    const message = say`the sops block or the file around it cannot be read (${ownWords(view.error.code)})`;
    yield { span: null, message, hint: RESTORE };
    return;
  }
  const { metadata, block } = view;
  if (metadata === null || block === null) return;
  for (const message of blockFaults(block)) yield { span: null, message, hint: RESTORE };
  const others = view.document?.origin?.blocks ?? [];
  if (others.some((other) => other !== null && !sameBlock(block, other))) {
    const message = say`the documents of the file have different sops blocks; sops reads the first alone`;
    yield { span: null, message, hint: RESTORE };
  }
  const version = versionFault(metadata.version);
  if (version !== null) yield { span: null, message: version, hint: RESTORE };
  if (metadata.lastModified === '') {
    yield { span: null, message: say`the sops block has no lastmodified`, hint: RESTORE };
  }
  const fault = metadata.mac === '' ? null : tokenFault(metadata.mac);
  if (fault !== null)
    yield { span: null, message: say`the MAC cannot be right: ${fault}`, hint: RESTORE };
}

/** What sops refuses to read a file for (SOPS-FORMAT 5). */
function versionFault(version: string): SafeText | null {
  if (version === '') return say`the sops block has no version`;
  return isVersion(version) ? null : say`the version in the sops block is none of sops'`;
}

/** Two files of one MAC with different tokens: the block was copied from one to the other. */
function* copiedMacs(sources: readonly Source[]): Iterable<ProblemIn> {
  const byMac = new Map<string, { source: Source; tokens: string }>();
  for (const source of sources) {
    for (const { view, leaves } of sopsLeavesOf(source)) {
      const mac = view.metadata?.mac ?? '';
      if (mac === '') continue;
      const tokens = leaves
        .filter(({ token }) => token)
        .map(({ text }) => text)
        .join('\n');
      const first = byMac.get(mac);
      if (first === undefined) byMac.set(mac, { source, tokens });
      else if (first.tokens !== tokens) {
        yield {
          source,
          span: null,
          message: say`the MAC is that of ${fileName(first.source.path)}, which holds other values`,
          hint: RESTORE,
        };
      }
    }
  }
}
