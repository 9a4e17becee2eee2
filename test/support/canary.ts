import type { Workspace } from './workspace.ts';

/** A secret as it could leak: as it is, in base64 at each of three offsets, in hexadecimal. */
export function formsOf(secret: string): string[] {
  const inner = [0, 1, 2].map((offset) =>
    Buffer.from('x'.repeat(offset) + secret)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [secret, ...inner, Buffer.from(secret).toString('hex')];
}

/** Every blob of a commit. */
export function blobsOf(w: Workspace, commit: string): Buffer[] {
  const ids = w
    .git('ls-tree', '-r', '--format=%(objectname)', commit)
    .stdout.split('\n')
    .filter((id) => id !== '');
  return ids.map((id) => w.git('cat-file', 'blob', id).bytes);
}
