import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Source } from '../../src/source.ts';
import { fillHoles } from './fill-holes.ts';

const ROOT = new URL('./examples/', import.meta.url);

export interface Example {
  /** `kubernetes-secret/ng.list`. */
  readonly name: string;
  readonly bad: boolean;
  readonly url: URL;
  readonly sources: readonly Source[];
  readonly secrets: readonly string[];
  /** The same with other secrets. */
  variant(name: string): readonly Source[];
}

/** Every example directory, its holes filled. */
export function loadExamples(): Example[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((family) =>
      readdirSync(new URL(`${family.name}/`, ROOT)).map((name) => load(`${family.name}/${name}`)),
    );
}

function load(name: string): Example {
  const url = new URL(`${name}/`, ROOT);
  const files = readdirSync(url, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'findings.json')
    .map((entry) => relative(fileURLToPath(url), join(entry.parentPath, entry.name)))
    .sort()
    .map((path) => ({ path, text: readFileSync(new URL(path, url), 'utf8') }));
  const secrets: string[] = [];
  const fill = (variant: string, onSecrets: (found: readonly string[]) => void) =>
    files.map(({ path, text }) => {
      const filled = fillHoles(text, name, variant);
      onSecrets(filled.secrets);
      return new Source(placed(path), encode(filled.text, name));
    });
  const sources = fill('', (found) => secrets.push(...found));
  const variant = (variantName: string) => fill(variantName, () => {});
  return { name, bad: name.includes('/ng.'), url, sources, secrets, variant };
}

/** A `.gitattributes` under its own name would work on this repository: it is stored as `dot.gitattributes`. */
function placed(file: string): string {
  return file.replace(/(^|[/\\])dot\.gitattributes$/, '$1.gitattributes');
}

/** An example whose name says so is in another encoding: Git shows the file, and that is text. */
function encode(text: string, name: string): Uint8Array {
  if (name.endsWith('-crlf')) return Buffer.from(text.replaceAll('\n', '\r\n'));
  if (name.endsWith('-utf16')) return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (name.endsWith('-utf16le-bare')) return Buffer.from(text, 'utf16le');
  if (name.endsWith('-utf16be-bare')) return Buffer.from(text, 'utf16le').swap16();
  if (name.endsWith('-cr')) return Buffer.from(text.replaceAll('\n', '\r'));
  if (name.endsWith('-bom')) return Buffer.from(`\ufeff${text}`);
  return Buffer.from(text);
}
