import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readState } from '../../src/apply/request-state.ts';
import { requestBody, requestTitle } from '../../src/apply/request-text.ts';
import { makeGroup } from '../../src/plan/make-plan.ts';
import type { Access, PlannedFile, PlannedKey } from '../../src/plan/plan.ts';

const LONGEST = 65_536;
const STATE = {
  group: 'rule: x',
  digest: 'd'.repeat(64),
  tip: 'a'.repeat(40),
  leftOut: 'x',
  isDone: false,
  needsKeyStates: false,
};

const keyOf = (name: string | null): PlannedKey => ({
  type: 'age',
  id: 'age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq',
  name,
  owner: null,
});
const accessOf = (...groups: readonly (readonly (string | null)[])[]): Access => ({
  keyGroups: groups.map((names) => names.map(keyOf)),
  threshold: 1,
  selection: null,
  macOnlyEncrypted: false,
});
const fileOf = (path: string, more: Partial<PlannedFile> = {}): PlannedFile => ({
  path,
  format: 'yaml',
  mode: '100644',
  reasons: [{ kind: 'recipient-removed', text: 'bob leaves' }],
  actions: ['updatekeys', 'rotate'],
  before: accessOf(['bot', 'bob']),
  after: accessOf(['bot']),
  valuesToChange: ['["password"]'],
  ...more,
});
const bodyOf = (files: readonly PlannedFile[], leftOut: { path: string; reason: string }[] = []) =>
  requestBody(
    {
      group: makeGroup({ id: 'rule: x', title: 'x', branchSuffix: 'x' }, files, []),
      leftOut,
      deferred: 0,
      isUnchecked: false,
    },
    STATE,
  );

describe('the text of a request', () => {
  it('begins with who leaves and who joins, each once', () => {
    const files = ['a.yaml', 'b.yaml'].map((path) => fileOf(path));
    expect(bodyOf(files).split('\n').slice(0, 3)).toEqual([
      '- bob leaves (2 files)',
      '',
      expect.stringContaining('2 files rewritten'),
    ]);
  });

  it('shows the end of a long path, and the whole reason why a file is left out', () => {
    const path = `${'folder/'.repeat(40)}db.yaml`;
    const reason = `no key at hand opens it (${'because '.repeat(30)}the end)`;
    const body = bodyOf([fileOf(path), fileOf('b.yaml')], [{ path: 'b.yaml', reason }]);
    expect(body).toContain('db&#46;yaml | bob leaves');
    expect(body).toContain('the end');
    expect(body).toContain('1 file rewritten');
  });

  const hostile = fc.string({
    unit: fc.constantFrom(
      ...'a|`*_<>[]()#@!&\\\n\r\t\u0000\u001b\u202e\u2028\ud83d\ude00/.-:'.split(''),
      '<!-- tidelock-rotate:1 e30 -->',
      '@team',
      '::error::',
    ),
    maxLength: 60,
  });
  const file = fc
    .record({ path: hostile, reason: hostile, value: hostile, name: hostile })
    .map(({ path, reason, value, name }) =>
      fileOf(path, {
        reasons: [{ kind: 'selection', text: reason }],
        valuesToChange: [value],
        before: accessOf([name, null]),
      }),
    );

  it('is no markup of others, one state, and whole characters, whatever names say', () => {
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 5 }), (files) => {
        const body = bodyOf(files, [{ path: 'z', reason: files[0]?.path ?? '' }]);
        expect(readState(body)).toEqual(STATE);
        expect(body.match(/<!--/g)).toHaveLength(1);
        expect(body).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\u2028]|\p{Surrogate}/u);
        expect(body).not.toMatch(/@|`|^::/m);
        const rows = body.split('\n').filter((line) => line.startsWith('| '));
        expect(rows).toHaveLength(files.length + 1);
        for (const row of rows) expect(row.match(/\|/g)).toHaveLength(5);
        expect(
          requestTitle(
            makeGroup({ id: '', title: files[0]?.path ?? '', branchSuffix: 'x' }, [], []),
          ),
        ).not.toMatch(/[\u0000-\u001f\u202e\u2028@]|\p{Surrogate}/u);
      }),
    );
  });

  it('fits into a request, however much there is', () => {
    const names = Array.from({ length: 40 }, () => '|'.repeat(400));
    const crowded = fileOf('p'.repeat(4000), {
      reasons: names.map((text, i) => ({ kind: 'selection', text: `${i}${text}` })),
      before: accessOf(...names.map(() => names)),
      valuesToChange: names,
    });
    const files = Array.from({ length: 500 }, (_, i) => ({ ...crowded, path: `${i}/x` }));
    const leftOut = files.map(({ path }) => ({ path, reason: '#'.repeat(5000) }));
    for (const left of [[], leftOut.slice(0, 250)]) {
      const body = bodyOf(files, left);
      expect(body.length).toBeLessThan(LONGEST);
      expect(readState(body)).toEqual(STATE);
    }
  });
});
