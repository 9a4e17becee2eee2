import { createHash } from 'node:crypto';
import { escapeControls } from '@tidelock/guard';
import type { TreeFile } from '../forge/forge.ts';

/** What a commit of the bot says of itself; a commit that says otherwise than it is was changed. */
export interface CommitNotes {
  /** Digest of the group's plan. */
  readonly plan: string;
  /** Of the files, as they were and as they are. */
  readonly contents: string;
}

const PLAN = 'Tidelock-Plan';
const CONTENTS = 'Tidelock-Contents';

export function commitMessage(title: string, { plan, contents }: CommitNotes): string {
  return `${escapeControls(title)}\n\n${PLAN}: ${plan}\n${CONTENTS}: ${contents}`;
}

/** null: it is no commit of the bot. */
export function readNotes(message: string): CommitNotes | null {
  const plan = noteOf(message, PLAN);
  const contents = noteOf(message, CONTENTS);
  return plan === null || contents === null ? null : { plan, contents };
}

function noteOf(message: string, name: string): string | null {
  return new RegExp(`^${name}: ([0-9a-f]{64})$`, 'm').exec(message)?.[1] ?? null;
}

export interface ChangedFile {
  readonly path: string;
  readonly before: TreeFile | null;
  readonly after: TreeFile | null;
}

/** What became of which files, in one word. */
export function contentsDigest(changes: readonly ChangedFile[]): string {
  const rows = changes.map(({ path, before, after }) => [path, ...rowOf(before), ...rowOf(after)]);
  rows.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

const rowOf = (file: TreeFile | null) => (file === null ? ['', ''] : [file.mode, file.oid]);

/** The name that Git gives to a file's bytes. */
export function blobOid(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
