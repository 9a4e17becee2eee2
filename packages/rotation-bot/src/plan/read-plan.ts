import { isFormat, TidelockError } from '@tidelock/core';
import { digestOfFiles, digestOfGroups } from './digest.ts';
import type { Plan } from './plan.ts';

/**
 * A plan that was written as JSON. Its digests are worked out anew: a plan that was changed by hand or
 * cut off is refused. @throws TidelockError ERR_PLAN
 */
export function readPlan(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notAPlan('it is no JSON');
  }
  return planOf(value);
}

/** The same of data that is parsed already. @throws TidelockError ERR_PLAN */
export function planOf(value: unknown): Plan {
  if (!isPlan(value)) throw notAPlan('fields are missing or of another kind');
  for (const { id, files, digest } of value.groups)
    if (digestOfFiles(id, files) !== digest) throw notAPlan('a digest does not fit its files');
  if (digestOfGroups(value.groups) !== value.digest)
    throw notAPlan('its digest does not fit its groups');
  return value;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isSafeInteger(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const orNone =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value);
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) =>
      check(Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined),
    );

const isKey = record({
  type: oneOf('age', 'pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault', 'hckms'),
  id: isText,
  name: orNull(isText),
  owner: orNull(isText),
  aws: orNone(
    record({ arn: isText, role: isText, context: listOf(listOf(isText)), profile: isText }),
  ),
});
const isAccess = record({
  keyGroups: listOf(listOf(isKey)),
  threshold: isNumber,
  selection: orNull(record({ rule: isText, value: isText })),
  macOnlyEncrypted: (value) => typeof value === 'boolean',
});
const isFile = record({
  path: isText,
  format: (value) => typeof value === 'string' && isFormat(value),
  mode: oneOf('100644', '100755'),
  reasons: listOf(record({ kind: isText, text: isText })),
  actions: listOf(oneOf('updatekeys', 'rotate', 'rewrap', 'reencrypt')),
  before: isAccess,
  after: isAccess,
  valuesToChange: listOf(isText),
});
const hasPlanFields = record({
  version: (value) => value === 1,
  base: orNull(isText),
  digest: isText,
  shard: orNull(record({ index: isNumber, count: isNumber })),
  groups: listOf(
    record({
      id: isText,
      title: isText,
      branchSuffix: (value) => typeof value === 'string' && /^[a-z0-9-]{1,80}$/.test(value),
      digest: isText,
      reviewers: listOf(isText),
      files: listOf(isFile),
    }),
  ),
  notDue: record({ upToDate: isNumber, uncovered: isNumber, plain: isNumber }),
  problems: listOf(record({ path: isText, reason: isText })),
  limits: record({ maxOpen: orNull(isNumber) }),
  keyStates: oneOf('known', 'partly', 'not-asked'),
});

function isPlan(value: unknown): value is Plan {
  return hasPlanFields(value);
}

function notAPlan(why: string): TidelockError {
  return new TidelockError('ERR_PLAN', `that is no plan of tidelock-rotate: ${why}`, {
    hint: 'Make it anew: tidelock-rotate plan --json.',
  });
}
