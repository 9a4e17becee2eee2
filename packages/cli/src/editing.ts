import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CommandError } from './command-error.ts';
import { errorText } from './error-text.ts';
import { askToGoOn } from './files/ask.ts';
import { openEditor } from './files/editor.ts';
import { withPrivateFolder } from './files/private-folder.ts';
import type { Ports } from './ports.ts';

const NOT_MODIFIED = 200;

export interface EditRequest<T> {
  /** Its base name names the file in the editor. */
  readonly name: string;
  readonly text: Uint8Array;
  /** Whether leaving the text as it is counts as no change. */
  readonly mustChange: boolean;
  /** Makes the new file of the text; throws when it is not valid, and the editor opens again. */
  readonly accept: (text: Uint8Array) => Promise<T>;
  /** Uses the result while the edited text still exists. */
  readonly use: (result: T) => Promise<void>;
}

/**
 * Opens plaintext in the editor, in a folder of its own that is gone afterwards (SOPS-FORMAT 9.4).
 * @throws CommandError exit 200 when nothing changed, 201 when no editor works
 */
export async function editText<T>(ports: Ports, request: EditRequest<T>): Promise<void> {
  await withPrivateFolder('tidelock-edit-', async (folder) => {
    const path = join(folder, basename(request.name));
    await writeFile(path, request.text, { mode: 0o600, flag: 'wx' });
    for (;;) {
      await openEditor(ports, path);
      const edited = await readFile(path);
      if (request.mustChange && Buffer.compare(edited, request.text) === 0) {
        throw new CommandError('ERR_NOT_MODIFIED', NOT_MODIFIED, 'File has not changed, exiting.');
      }
      const result = await attempt(ports, () => request.accept(edited));
      if (result !== null) return request.use(result.value);
    }
  });
}

async function attempt<T>(
  ports: Ports,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | null> {
  try {
    return { value: await work() };
  } catch (error) {
    ports.stderr(errorText(error));
    if (await askToGoOn(ports, 'Press a key to return to the editor, or Ctrl+C to exit.'))
      return null;
    throw error;
  }
}
