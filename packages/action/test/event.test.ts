import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActionError } from '../src/action-error.ts';
import { taskOf } from '../src/event.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const NONE = '0'.repeat(40);
const pull = (base: object = {}) => ({
  pull_request: { number: 7, base: { ref: 'main', sha: A, ...base }, head: { sha: B } },
});
const pushed = (fields: object) => ({
  ref: 'refs/heads/topic',
  before: A,
  after: B,
  repository: { default_branch: 'main' },
  ...fields,
});
const task = (name: string, payload: unknown, sha = A) => taskOf({ name, sha, payload });

describe('what an event asks to be judged', () => {
  it.each(['pull_request', 'pull_request_target'])('%s: head against the tip of its base', (name) =>
    expect(task(name, pull())).toMatchObject({
      kind: 'change',
      baseBranch: 'main',
      baseCommit: A,
      head: B,
      headRef: 'refs/pull/7/head',
      pullRequest: 7,
      policyBranch: null,
    }),
  );

  it('merge_group: against the entry before it', () => {
    const group = { base_sha: A, head_sha: B, head_ref: 'refs/heads/gh-readonly-queue/main/pr-7' };
    expect(task('merge_group', { merge_group: group })).toMatchObject({
      baseBranch: null,
      baseCommit: A,
      head: B,
    });
  });

  it('push to a branch: against what it held, by the policy of the default branch', () =>
    expect(task('push', pushed({}))).toMatchObject({
      baseCommit: A,
      head: B,
      policyBranch: 'main',
    }));

  it('push of a new branch: against the default branch', () =>
    expect(task('push', pushed({ before: NONE }))).toMatchObject({
      baseBranch: 'main',
      baseCommit: null,
      head: B,
    }));

  it('push to the default branch: by its own policy, and all of it where the base is gone', () =>
    expect(task('push', pushed({ ref: 'refs/heads/main' }))).toMatchObject({
      policyBranch: null,
      otherwise: { kind: 'tree', commit: B },
    }));

  it('a deleted ref: nothing', () =>
    expect(task('push', pushed({ deleted: true, after: NONE }))).toMatchObject({
      kind: 'nothing',
    }));

  it.each(['schedule', 'workflow_dispatch'])('%s: the whole tree', (name) =>
    expect(task(name, {})).toEqual({ kind: 'tree', commit: A }),
  );
});

describe('an event that cannot be judged', () => {
  it.each([
    ['is not known', 'issue_comment', {}],
    ['lacks the pull request', 'pull_request', {}],
    ['has a base that is no commit', 'pull_request', pull({ sha: 'HEAD' })],
    ['has a base named like an option', 'pull_request', pull({ ref: '--upload-pack=x' })],
    ['has a base with a line break', 'pull_request', pull({ ref: 'main\n::error' })],
    ['has a base that Git would take for a range', 'pull_request', pull({ ref: 'a..b' })],
  ])('%s: says what to do', (_, name, payload) => {
    const attempt = () => task(name, payload);
    expect(attempt).toThrow(ActionError);
    expect(attempt).not.toThrow(/::error|upload-pack/);
  });

  it('is refused or understood, whatever its payload', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('pull_request', 'merge_group', 'push', 'schedule'),
        fc.anything(),
        (name, payload) => {
          try {
            expect(task(name, payload).kind).toMatch(/^(?:change|tree|nothing)$/);
          } catch (error) {
            expect(error).toBeInstanceOf(ActionError);
          }
        },
      ),
    ));
});
