import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchNames, buildNameOf, isBranchPrefix } from '../../src/apply/branch-names.ts';

const isRef = (name: string) =>
  spawnSync('git', ['check-ref-format', `refs/heads/${name}`]).status === 0;

describe('names of branches', () => {
  it('are such as Git takes, whatever the base is called', () => {
    const odd = ["release/1.x%é'#", 'a'.repeat(240), 'é', '-', '@x', 'x.lock%', 'a.%.b'];
    for (const base of odd) {
      const { folder, buildFolder, branchOf } = branchNames('tidelock/rotate', base);
      const branch = branchOf('rule-x');
      const build = buildNameOf(branch, 'tidelock/rotate');
      expect(build.startsWith(buildFolder) && !build.startsWith(folder)).toBe(true);
      expect([base, isRef(branch), isRef(build)]).toEqual([base, true, true]);
      expect(branch.startsWith(folder)).toBe(true);
      expect(branch.length).toBeLessThan(120);
    }
  });

  it('are of one base alone', () => {
    const bases = ['a/b', 'a-b', 'a%b', 'é', 'è', `${'a'.repeat(80)}1`, `${'a'.repeat(80)}2`];
    expect(new Set(bases.map((base) => branchNames('p', base).folder)).size).toBe(bases.length);
  });

  it('begin with a prefix that Git takes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab./-_~^: é@{\\'.split(''), '.lock'), maxLength: 9 }),
        (prefix) => {
          fc.pre(isBranchPrefix(prefix));
          expect(isRef(branchNames(prefix, 'main').branchOf('x'))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
