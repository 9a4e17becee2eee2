import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/program.ts';
import { documents, readDocument } from './documents.ts';

const withoutFences = (text: string) => text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, '');

/** The anchors that a forge makes of headings, and those written out. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...withoutFences(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([
    ...headings,
    ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id),
  ]);
}

function brokenLinks(name: string): string[] {
  const links = [...withoutFences(readDocument(name)).matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, link = '']) => link,
  );
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? name : join(dirname(name), path);
    const file = join(repositoryRoot, target);
    if (relative(repositoryRoot, file).startsWith('..') || !existsSync(file)) return true;
    if (anchor === undefined || statSync(file).isDirectory()) return false;
    return !anchorsOf(readFileSync(file, 'utf8')).has(anchor);
  });
}

describe('a link of the documents', () => {
  it.each(documents)('in %s leads to something', (name) => {
    expect(brokenLinks(name)).toEqual([]);
  });

  it('reaches every document from the README', () => {
    const reached = new Set<string>(['README.md']);
    for (const name of reached) {
      for (const [, link = ''] of readDocument(name).matchAll(/\]\(([^)\s#]+)/g)) {
        const target = join(dirname(name), link);
        for (const candidate of [target, join(target, 'README.md')])
          if (documents.includes(candidate)) reached.add(candidate);
      }
    }
    expect(documents.filter((name) => name.startsWith('docs/') && !reached.has(name))).toEqual([]);
  });
});
