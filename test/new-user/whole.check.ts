import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDocument } from '../docs/documents.ts';
import { play } from '../docs/play.ts';
import { repositoryRoot } from '../support/program.ts';

const DOCUMENT = 'docs/new-user.md';

/** `UPDATE_DOCS=1` writes the transcript of this run, and how long it took. */
it('shows what a machine with Node, npm and Git alone prints, from the clone to a guarded repository', async () => {
  const started = Date.now();
  const { text, differences, failures } = await play(readDocument(DOCUMENT), {
    emptyMachine: true,
  });
  expect(failures.join('\n\n')).toBe('');
  if (process.env.UPDATE_DOCS === '1') {
    const seconds = Math.round((Date.now() - started) / 1000);
    const told = text.replace(/^It took .* seconds/m, `It took ${seconds} seconds`);
    writeFileSync(join(repositoryRoot, DOCUMENT), told);
  } else expect(differences.join('\n\n')).toBe('');
});
