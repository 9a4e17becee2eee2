import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/init/unified-diff.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidelock-diff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function applied(before: string, diff: string, context: number): string {
  writeFileSync(join(folder, 'f'), before);
  const flags = context === 0 ? ['--unidiff-zero'] : [];
  execFileSync('git', ['apply', ...flags, '-'], { cwd: folder, input: diff });
  return readFileSync(join(folder, 'f'), 'utf8');
}

describe('a unified diff', () => {
  it('makes the new text of the old one', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '  - x'), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, fc.constantFrom(1, 3), (from, to, context) => {
        const [before, after] = [from, to].map((some) => some.map((line) => `${line}\n`).join(''));
        if (before === undefined || after === undefined || before === after || before === '')
          return;
        const diff = unifiedDiff({ path: 'f', before, after, context });
        if (after !== '') expect(applied(before, diff, context)).toBe(after);
      }),
      { numRuns: 40 },
    );
  });

  it('adds at several places without the lines between them', () => {
    const diff = unifiedDiff({
      path: 'f',
      before: 'a\nb\nc\n',
      after: 'x\na\nb\ny\nc\n',
      context: 0,
    });
    expect(diff).toBe('--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+x\n@@ -2,0 +4,1 @@\n+y\n');
    expect(applied('a\nb\nc\n', diff, 0)).toBe('x\na\nb\ny\nc\n');
  });

  it('shows nothing of a last line that gets a line break, where the text may hold anything', () => {
    const change = { path: 'f', before: 'a\nsecret', after: 'a\nsecret\nb\n' };
    expect(unifiedDiff({ ...change, context: 0 })).not.toContain('secret');
    const shown = unifiedDiff({ ...change, context: 3 });
    expect(applied(change.before, shown, 3)).toBe(change.after);
  });
});
