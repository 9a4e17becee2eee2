import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/program.ts';
import { documents, readDocument } from './documents.ts';
import { fencesOf } from './fences.ts';
import { play } from './play.ts';

const isRun = (name: string) =>
  fencesOf(readDocument(name)).some(
    ({ language, attributes }) => language === 'console' && !attributes.has('network'),
  );

/** `UPDATE_DOCS=1` writes what the commands print into the documents; read the diff. */
describe('the commands of', () => {
  it.each(documents.filter(isRun))('%s print what it shows', { timeout: 180_000 }, async (name) => {
    const { text, differences, failures } = await play(readDocument(name));
    expect(failures.join('\n\n')).toBe('');
    if (process.env.UPDATE_DOCS === '1') writeFileSync(join(repositoryRoot, name), text);
    else expect(differences.join('\n\n')).toBe('');
  });
});
