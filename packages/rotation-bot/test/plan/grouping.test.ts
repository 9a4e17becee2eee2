import { describe, expect, it } from 'vitest';
import { CodeOwners } from '../../src/plan/codeowners.ts';
import { groupName } from '../../src/plan/grouping.ts';
import { encrypted, person, planTree, sopsConfig } from '../support/tree.ts';

describe('CODEOWNERS', () => {
  const owners = new CodeOwners(`
# the last that matches counts
*                @all
*.yaml           @yaml       # a comment
/top/            @top
apps/            @apps @org/team
docs/*           @docs
/a/**/z.env      dev@example.com
with\\ blank      @blank
/nobody
!not             @not
[section]        @section
`);
  it.each([
    ['x.txt', ['@all']],
    ['deep/x.yaml', ['@yaml']],
    ['top/any/x.yaml', ['@top']],
    ['deep/apps/x', ['@apps', '@org/team']],
    ['docs/x', ['@docs']],
    ['docs/deep/x', ['@all']],
    ['a/z.env', ['dev@example.com']],
    ['a/b/c/z.env', ['dev@example.com']],
    ['with blank', ['@blank']],
    ['nobody', []],
    ['not', ['@all']],
  ])('%s belongs to %j', (path, expected) => {
    expect(owners.ownersOf(path)).toEqual(expected);
  });

  it('takes any text without fail', () => {
    const text = '\\\n/\n//\n**\n{a,b} @x\n/{{{ @y\n\u0000 @z\n';
    expect(new CodeOwners(text).ownersOf('{a,b}')).toEqual(['@x']);
  });
});

describe('grouping', () => {
  const [bot, alice] = [person(), person()];
  it('makes one group for each owner, rule, folder, file or for all', async () => {
    const file = await encrypted('a.yaml', 'a: b\n', [[bot]]);
    const both: readonly (readonly (typeof bot)[])[] = [[bot, alice]];
    const files = {
      '.sops.yaml': sopsConfig(['^apps/', both], ['', both]),
      'apps/a.yaml': file,
      'apps/b/c.yaml': file,
      'other.yaml': file,
    };
    const owners = new CodeOwners('* @ops\n/apps/ @apps\n');
    const groups = (groupBy: Parameters<typeof groupName>[1]['by']) =>
      planTree({ files, settings: { groupBy, owners, reviewers: 'codeowners' } }).groups.map(
        (group) => [group.title, group.files.map(({ path }) => path), group.reviewers],
      );
    expect(groups('rule')).toEqual([
      ['every path in .sops.yaml', ['other.yaml'], ['@ops']],
      ['^apps/ in .sops.yaml', ['apps/a.yaml', 'apps/b/c.yaml'], ['@apps']],
    ]);
    expect(groups('directory').map(([title]) => title)).toEqual([
      'the top folder',
      'apps',
      'apps/b',
    ]);
    expect(groups('owner').map(([title]) => title)).toEqual(['files of @apps', 'files of @ops']);
    expect(groups('file')).toHaveLength(3);
    expect(groups('all')).toHaveLength(1);
  });

  it('names branches in letters a forge takes, each its own', () => {
    const name = (path: string) => groupName({ path, rule: null }, { by: 'file', owners: null });
    const odd = name(`ä..//~^:?*[\\\n${'long'.repeat(100)}`).branchSuffix;
    expect(odd).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(odd.length).toBeLessThanOrEqual(60);
    expect(name('a/b').branchSuffix).not.toBe(name('a-b').branchSuffix);
  });
});
