import { isOid, isZeroOid } from '@tidelock/git';
import { ActionError } from './action-error.ts';

/** What an event asks to be judged. Revisions are as the event names them, not yet looked up. */
export type Task =
  | {
      readonly kind: 'change';
      /** The branch that the change comes to: its tip judges. null: the commit itself. */
      readonly baseBranch: string | null;
      /** Used where the branch is not here; null: there is none. */
      readonly baseCommit: string | null;
      readonly head: string;
      /** Where the forge keeps the head, if the clone has not got it. */
      readonly headRef: string | null;
      readonly pullRequest: number | null;
      /** Whose policy judges, where it is not the base. */
      readonly policyBranch: string | null;
      /** What is judged where the base is gone, as after a forced push; null: nothing can be. */
      readonly otherwise: Judgeable | null;
    }
  | { readonly kind: 'tree'; readonly commit: string }
  | { readonly kind: 'nothing'; readonly why: string };

export type Judgeable = Exclude<Task, { readonly kind: 'nothing' }>;

export interface Trigger {
  /** GITHUB_EVENT_NAME. */
  readonly name: string;
  /** GITHUB_SHA. */
  readonly sha: string;
  readonly payload: unknown;
}

const EVENTS = 'pull_request, pull_request_target, merge_group, push, schedule, workflow_dispatch';

/** @throws ActionError for an event that is not known, or whose payload lacks what it needs */
export function taskOf({ name, sha, payload }: Trigger): Task {
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
      return pullRequest(fieldsOf(payload).inside('pull_request'));
    case 'merge_group':
      return mergeGroup(fieldsOf(payload).inside('merge_group'));
    case 'push':
      return push(fieldsOf(payload));
    case 'schedule':
    case 'workflow_dispatch':
      return { kind: 'tree', commit: oid(sha, 'GITHUB_SHA') };
    default:
      throw new ActionError(
        'the event that started this is not one of those it judges',
        `Start it by ${EVENTS}.`,
      );
  }
}

function pullRequest(pull: Fields): Task {
  const base = pull.inside('base');
  const number = pull.number('number');
  return {
    kind: 'change',
    baseBranch: branch(base.text('ref')),
    baseCommit: oid(base.text('sha'), 'pull_request.base.sha'),
    head: oid(pull.inside('head').text('sha'), 'pull_request.head.sha'),
    headRef: `refs/pull/${number}/head`,
    pullRequest: number,
    policyBranch: null,
    otherwise: null,
  };
}

function mergeGroup(group: Fields): Task {
  return {
    kind: 'change',
    // Entries before this one are on its base already, their policy included.
    baseBranch: null,
    baseCommit: oid(group.text('base_sha'), 'merge_group.base_sha'),
    head: oid(group.text('head_sha'), 'merge_group.head_sha'),
    headRef: group.text('head_ref'),
    pullRequest: null,
    policyBranch: null,
    otherwise: null,
  };
}

function push(payload: Fields): Task {
  const ref = payload.text('ref');
  const after = payload.text('after');
  if (payload.isOn('deleted') || isZeroOid(after))
    return { kind: 'nothing', why: 'a ref was deleted' };
  const head = oid(after, 'after');
  const before = payload.text('before');
  const main = branch(payload.inside('repository').text('default_branch'));
  const isMain = ref === `refs/heads/${main}`;
  const change = { kind: 'change', head, headRef: ref, pullRequest: null } as const;
  const fromMain = { ...change, baseBranch: main, baseCommit: null, policyBranch: null };
  const otherwise: Judgeable = isMain
    ? { kind: 'tree', commit: head }
    : { ...fromMain, otherwise: null };
  if (isZeroOid(before)) return otherwise;
  return {
    ...change,
    baseBranch: null,
    baseCommit: oid(before, 'before'),
    // What an earlier push to the branch loosened judges nothing.
    policyBranch: isMain ? null : main,
    otherwise,
  };
}

/** A payload is read field by field: nothing of it is trusted to be there. */
interface Fields {
  inside(name: string): Fields;
  text(name: string): string;
  number(name: string): number;
  isOn(name: string): boolean;
}

function fieldsOf(value: unknown, path = 'the event'): Fields {
  const record = typeof value === 'object' && value !== null ? value : {};
  const entry = (name: string): unknown => new Map(Object.entries(record)).get(name);
  const missing = (name: string) =>
    new ActionError(
      `${path} has no ${name}`,
      'Start the action by one of its events, or pass GITHUB_EVENT_PATH on as it is.',
    );
  return {
    inside: (name) => {
      const inner = entry(name);
      if (typeof inner !== 'object' || inner === null) throw missing(name);
      return fieldsOf(inner, name);
    },
    text: (name) => {
      const text = entry(name);
      if (typeof text !== 'string' || text === '') throw missing(name);
      return text;
    },
    number: (name) => {
      const number = entry(name);
      if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw missing(name);
      return number;
    },
    isOn: (name) => entry(name) === true,
  };
}

function oid(text: string, name: string): string {
  if (isOid(text)) return text;
  throw new ActionError(`${name} is no commit`, 'Start the action by one of its events.');
}

/** A name that Git takes for nothing else. */
function branch(name: string): string {
  const isName = /^[^\s~^:?*[\\\u0000-\u001f-][^\s~^:?*[\\\u0000-\u001f]*$/.test(name);
  if (isName && !name.includes('..')) return name;
  throw new ActionError('the base branch has a name that Git would not take', 'Rename the branch.');
}
