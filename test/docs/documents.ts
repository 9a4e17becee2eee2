import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/program.ts';

const SKIPPED = new Set(['node_modules', 'dist', 'test', '.git', '.changeset', 'adr', 'reference']);

/** Every Markdown file for readers, by its path from the root; decisions and generated pages aside. */
export const documents: readonly string[] = find('').sort();

export const readDocument = (name: string): string =>
  readFileSync(join(repositoryRoot, name), 'utf8');

function find(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : find(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
