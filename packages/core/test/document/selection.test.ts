import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../src/config/regex.ts';
import type { MapNode } from '../../src/document/document.ts';
import type { Selection } from '../../src/document/metadata.ts';
import { formatTreePath, treePathOf } from '../../src/document/path.ts';
import { createSelector } from '../../src/document/selection.ts';
import { walkLeaves } from '../../src/document/walk.ts';
import { comment, pairs, tree } from './trees.ts';

/** Everything selected: values by path, comments by text. */
function selected(root: MapNode, selection: Selection | null): string[] {
  const select = createSelector(selection, compileRegex);
  const names: string[] = [];
  walkLeaves([root], (leaf, context) => {
    const isComment = leaf.kind === 'comment';
    if (!select(context, isComment)) return;
    names.push(isComment ? `#${leaf.text}` : formatTreePath(treePathOf(context.place)));
  });
  return names;
}

const SECRET = tree(
  pairs(
    comment('head'),
    ['kind', 'Secret'],
    ['data', pairs(comment('inner'), ['user', 'x'], ['list', ['y', pairs(['k', 'z'])]])],
    ['name_unencrypted', pairs(['plain', 'x'])],
    ['key_enc', 'x'],
  ),
);

describe('createSelector', () => {
  it.each<[Selection | null, string[]]>([
    [
      null,
      ['#head', '["kind"]', '#inner', '["data"]["user"]', '["data"]["list"][0]'].concat([
        '["data"]["list"][1]["k"]',
        '["key_enc"]',
      ]),
    ],
    [{ rule: 'encrypted_suffix', value: '_enc' }, ['["key_enc"]']],
    [
      { rule: 'encrypted_regex', value: '^data$' },
      ['#inner', '["data"]["user"]', '["data"]["list"][0]', '["data"]["list"][1]["k"]'],
    ],
    [{ rule: 'encrypted_regex', value: '(?i)^K$' }, ['["data"]["list"][1]["k"]']],
    [
      { rule: 'unencrypted_regex', value: '^(kind|data)' },
      ['#head', '["name_unencrypted"]["plain"]', '["key_enc"]'],
    ],
  ])('%j', (selection, names) => {
    expect(selected(SECRET, selection)).toEqual(names);
  });

  const COMMENTED = tree(
    pairs(
      comment(' sops:x'),
      comment(' second'),
      ['a', pairs(['deep', 'v'])],
      ['b', 'v'],
      ['l', [comment(' sops:x'), 'v', 'w']],
    ),
  );

  it('encrypted_comment_regex leaves the comment that matches plain, and takes the next', () => {
    expect(selected(COMMENTED, { rule: 'encrypted_comment_regex', value: 'sops:x' })).toEqual([
      '# second',
      '["a"]["deep"]',
      '["l"][1]',
    ]);
  });

  it('unencrypted_comment_regex leaves the comment that matches plain, and the next', () => {
    expect(selected(COMMENTED, { rule: 'unencrypted_comment_regex', value: 'sops:x' })).toEqual([
      '["b"]',
      '["l"][2]',
    ]);
  });

  it('refuses an expression that sops would ignore', () => {
    expect(() => createSelector({ rule: 'encrypted_regex', value: '(' }, compileRegex)).toThrow(
      expect.objectContaining({ code: 'ERR_REGEX' }),
    );
  });
});
