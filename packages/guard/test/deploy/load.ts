import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Source } from '../../src/source.ts';
import { fillHoles } from '../rules/fill-holes.ts';
import { type Encryption, encryptExample, RECIPIENTS } from './encrypt-example.ts';

const ROOT = new URL('./examples/', import.meta.url);

/** A folder of files as they stand in a repository. */
export interface DeployExample {
  /** `flux-no-decryption/ng.base-of-overlay`. */
  readonly name: string;
  readonly bad: boolean;
  readonly url: URL;
  readonly files: readonly ExampleFile[];
  readonly secrets: readonly string[];
}

interface ExampleFile {
  readonly path: string;
  readonly text: string;
  /** Where a link leads. */
  readonly link: string | null;
  readonly encryption: Encryption | null;
}

/** Every example, holes filled, not yet encrypted. */
export function listExamples(): DeployExample[] {
  return readdirSync(ROOT).flatMap((family) =>
    readdirSync(new URL(`${family}/`, ROOT)).map((name) => read(`${family}/${name}`)),
  );
}

/**
 * The first line of a file may say how it is made: `#! link TARGET`, or `#! encrypt` with any of
 * `keys=1,2`, `groups=1+2`, `regex=EXPRESSION`, `as=FORMAT`, `compact`, `one-block`, `pad=BYTES`.
 */
function read(name: string): DeployExample {
  const url = new URL(`${name}/`, ROOT);
  const folder = fileURLToPath(url);
  const secrets: string[] = [];
  const paths = readdirSync(url, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'findings.json')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  const files = paths.map((path): ExampleFile => {
    const raw = readFileSync(new URL(path, url), 'utf8').replace(
      /@@(recipient|sealed)[-:]([a-z0-9]+)@@/g,
      (_, what: string, which: string) =>
        what === 'sealed' ? sealedValue(which) : (RECIPIENTS[Number(which) - 1] ?? ''),
    );
    const filled = fillHoles(raw, name);
    secrets.push(...filled.secrets);
    const directive = /^#! ([^\n]*)\n/.exec(filled.text);
    const [how = '', ...words] = (directive?.[1] ?? '').split(' ');
    return {
      path,
      text: filled.text.slice(directive?.[0].length ?? 0),
      link: how === 'link' ? (words[0] ?? '') : null,
      encryption: how === 'encrypt' ? parseWords(words) : null,
    };
  });
  return { name, bad: name.includes('/ng.'), url, files, secrets };
}

/** As kubeseal makes one for an RSA key of so many bytes; `cut`: not all of it. */
function sealedValue(which: string): string {
  const length = which === 'cut' ? 512 : Number(which);
  const bytes = Buffer.concat([Buffer.from([length >> 8, length & 255]), randomBytes(length + 28)]);
  return bytes.subarray(0, which === 'cut' ? 400 : bytes.length).toString('base64');
}

function parseWords(words: readonly string[]): Encryption {
  const of = (name: string) =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    groups: (of('groups') ?? of('keys') ?? '1')
      .split(of('groups') === undefined ? '\0' : '+')
      .map((group) => group.split(',')),
    regex: of('regex') ?? null,
    as: of('as') ?? null,
    compact: words.includes('compact'),
    oneBlock: words.includes('one-block'),
    pad: Number(of('pad') ?? 0),
  };
}

/** The files of an example as sources, encrypted as they say. */
export async function sourcesOf(
  { files }: DeployExample,
  encrypt = encryptExample,
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const { path, text, link, encryption } of files) {
    if (link !== null) sources.push(new Source(path, Buffer.from(link), { mode: '120000' }));
    else {
      const bytes = encryption === null ? Buffer.from(text) : await encrypt(path, text, encryption);
      sources.push(new Source(path, bytes));
    }
  }
  return sources;
}
