import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ruleCatalogue } from '../src/catalogue.ts';
import { docsUrl } from '../src/docs-url.ts';

const rules = [...ruleCatalogue().values()];
const reference = readFileSync(
  new URL('../../../docs/reference/rules.md', import.meta.url),
  'utf8',
);

it('has rules of every family, and of no other', () => {
  const families = new Set(rules.map(({ id }) => id.split('/')[0]));
  expect([...families].sort()).toEqual([
    'broken',
    'config',
    'deploy',
    'examined',
    'plaintext',
    'policy',
  ]);
});

it.each(rules)('$id is described where its address points', ({ id, title, docs }) => {
  const [page, anchor] = docsUrl(id).split('#');
  expect(page).toMatch(/\/docs\/reference\/rules\.md$/);
  expect(reference.split(`<a id="${anchor}"></a>\n### ${id}\n`)).toHaveLength(2);
  for (const text of [title, docs.why, docs.fix]) {
    expect(reference).toContain(text.replaceAll('<', '&lt;'));
  }
});
