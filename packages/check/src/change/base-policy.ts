import { TidelockError } from '@tidelock/core';
import { AccessPolicy, ownWords, type Source, say, type Verdict } from '@tidelock/guard';
import {
  isPolicyPath,
  isUngoverned,
  type Policies,
  type PolicyFile,
  readPolicies,
} from '../policy-files.ts';
import type { Side } from '../side.ts';
import { readSteering, type Steering } from '../steering.ts';

/** The policy of one side, or why it cannot be read. */
export type ReadSide =
  | { readonly steering: Steering; readonly error: null }
  | { readonly steering: null; readonly error: TidelockError };

export interface SidePolicy {
  readonly files: readonly PolicyFile[];
  readonly read: ReadSide;
}

/** What a side says about who may read what and what is silenced. Never throws for its mistakes. */
export async function readSide(
  side: Side,
  { now, policyPath }: { readonly now: Date; readonly policyPath: string },
): Promise<SidePolicy> {
  const files = await side.policyFiles(policyPath);
  try {
    const steering = await readSteering(files, {
      now,
      prefix: '',
      read: (path) => side.text(path),
    });
    const broken = steering.policies.creation.configs.find(({ problems }) =>
      problems.some(({ code }) => code === 'syntax'),
    );
    if (broken === undefined) return { files, read: { steering, error: null } };
    const error = new TidelockError('ERR_CONFIG', 'the file cannot be read', { path: broken.path });
    return { files, read: { steering: null, error } };
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return { files, read: { steering: null, error } };
  }
}

export interface Judging {
  /** By what the change is judged. */
  readonly steering: Steering;
  /** The base has no policy: that of head is the first. */
  readonly isFirst: boolean;
}

/**
 * The base's policy. Where it has none the head's is used, without anything that silences; where it
 * cannot be read nothing passes but a change of policy alone that mends it.
 * @throws TidelockError the mistake in the base's policy
 */
export function judgingPolicy(base: ReadSide, head: ReadSide, touched: readonly string[]): Judging {
  if (base.error !== null) {
    const mends = touched.length > 0 && touched.every(isPolicyPath);
    if (mends && head.steering !== null) return { steering: head.steering, isFirst: false };
    throw base.error;
  }
  const { steering } = base;
  const { policies } = steering;
  if (head.steering === null) return { steering, isFirst: false };
  const next = head.steering.policies;
  const { access } = next;
  if (isUngoverned(policies)) {
    const asked = access === null ? null : withoutAllowing(access);
    return {
      steering: { ...steering, policies: { ...next, access: asked } },
      isFirst: !isUngoverned(next),
    };
  }
  if (policies.creation.configs.length > 0) return { steering, isFirst: false };
  return {
    steering: { ...steering, policies: { ...policies, creation: next.creation } },
    isFirst: next.creation.configs.length > 0,
  };
}

function withoutAllowing({ policy, now }: AccessPolicy): AccessPolicy {
  return new AccessPolicy({ ...policy, allow: [], largestFile: null }, { now });
}

/** What stands in the way of reading the head's policy, as a finding. */
export function unreadablePolicy(
  { read }: SidePolicy,
  sourceOf: (path: string) => Source,
): readonly Verdict[] {
  // What is wrong in a .sops.yaml is reported with its place, by its own rule.
  const path = read.error?.path;
  if (read.error === null || path === undefined || path.endsWith('.sops.yaml')) return [];
  return [
    {
      ruleId: 'config/invalid',
      source: sourceOf(path),
      span: null,
      message: say`the policy that this change brings cannot be read: ${ownWords(read.error.message)}`,
      hint: ownWords(read.error.hint ?? 'Correct it before it comes to the base'),
    },
  ];
}

/** The creation rules of a side, also where something else of its policy cannot be read. */
export function creationOf({ files, read }: SidePolicy, now: Date): Policies['creation'] {
  if (read.steering !== null) return read.steering.policies.creation;
  const only = files.filter(({ path }) => path.endsWith('.sops.yaml'));
  return readPolicies(only, { now, prefix: '' }).creation;
}
