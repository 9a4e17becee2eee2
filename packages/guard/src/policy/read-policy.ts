import {
  type ConfigProblem,
  decodeUtf8,
  type Field,
  nearestWord,
  parseYamlStream,
  TidelockError,
  type YamlNode,
} from '@tidelock/core';
import { isOver, PolicyReader } from './policy-reader.ts';
import { readAccessRules } from './read-access-rules.ts';
import { readRecipients } from './read-recipients.ts';
import {
  GROUPINGS,
  type PlacedAllow,
  type RotationPolicy,
  type TidelockPolicy,
} from './tidelock-policy.ts';

export const POLICY_NAME = '.tidelock.yaml';

const FIELDS = ['version', 'recipients', 'groups', 'rules', 'allow', 'limits', 'rotation'];
const EMPTY: TidelockPolicy = {
  recipients: new Map(),
  groups: new Map(),
  rules: [],
  allow: [],
  largestFile: null,
  rotation: null,
};

export interface ReadPolicyOptions {
  /** Every rule id that an allow entry may name. */
  readonly ruleIds: ReadonlySet<string>;
  /** null: no entry counts as expired. */
  readonly now: Date | null;
}

export interface ReadPolicy {
  /** What can be made of the file, mistakes left out. */
  readonly policy: TidelockPolicy;
  readonly problems: readonly ConfigProblem[];
}

/** `.tidelock.yaml` and every mistake in it. Never throws. */
export function readPolicy(bytes: Uint8Array, options: ReadPolicyOptions): ReadPolicy {
  const text = decodeUtf8(bytes);
  const start = { line: 1, column: 1 };
  const failed = (message: string, position = start): ReadPolicy => ({
    policy: EMPTY,
    problems: [{ code: 'syntax', message, position }],
  });
  if (text === null) return failed('the file is not UTF-8');
  try {
    const root = parseYamlStream(text).documents[0]?.root;
    if (root === undefined) return failed('the file is empty');
    const reader = new PolicyReader(text);
    return { policy: readRoot(reader, root, options), problems: reader.problems };
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return failed(error.message, error.position);
  }
}

/** @throws TidelockError ERR_CONFIG for the first mistake, with file, line and column */
export function parsePolicy(
  bytes: Uint8Array,
  path: string,
  options: ReadPolicyOptions,
): TidelockPolicy {
  const { policy, problems } = readPolicy(bytes, options);
  const [problem] = problems;
  if (problem === undefined) return policy;
  const { message, position, hint } = problem;
  throw new TidelockError('ERR_CONFIG', message, {
    path,
    position,
    ...(hint === undefined ? {} : { hint }),
  });
}

function readRoot(
  reader: PolicyReader,
  root: YamlNode,
  options: ReadPolicyOptions,
): TidelockPolicy {
  const fields = reader.record(root, 'the policy', FIELDS);
  const version = fields.get('version');
  if (version === undefined || reader.integer(version.value, '`version`') !== 1)
    reader.report('bad-value', version?.value ?? root, '`version` must be 1', 'version: 1');
  const recipients = readRecipients(reader, fields.get('recipients'));
  const isRecipient = (name: string, node: YamlNode) =>
    recipients.has(name) || unknownName(reader, node, { name, known: [...recipients.keys()] });
  const groups = readGroups(reader, fields.get('groups'), isRecipient);
  for (const name of groups.keys())
    if (recipients.has(name))
      reader.report(
        'bad-value',
        fields.get('groups')?.value ?? root,
        `\`${name}\` is a recipient and a group`,
      );
  const isName = (name: string, node: YamlNode) => groups.has(name) || isRecipient(name, node);
  const limits = fields.get('limits');
  return {
    recipients,
    groups,
    rules: readAccessRules(reader, fields.get('rules'), isName),
    allow: readAllow(reader, fields.get('allow'), options),
    largestFile:
      limits === undefined
        ? null
        : reader.size(reader.record(limits.value, '`limits`', ['file_size']).get('file_size')),
    rotation: readRotation(reader, fields.get('rotation')),
  };
}

/** Reports; always false. */
function unknownName(
  reader: PolicyReader,
  node: YamlNode,
  { name, known }: { readonly name: string; readonly known: readonly string[] },
): false {
  const nearest = nearestWord(name, known);
  const hint = nearest === null ? 'Name it under `recipients`.' : `Did you mean \`${nearest}\`?`;
  reader.report('bad-value', node, `no recipient is called \`${name.slice(0, 100)}\``, hint);
  return false;
}

function readGroups(
  reader: PolicyReader,
  field: Field | undefined,
  isRecipient: (name: string, node: YamlNode) => boolean,
): ReadonlyMap<string, readonly string[]> {
  if (field === undefined) return new Map();
  return new Map(
    reader.fields(field.value, '`groups`').map((group) => {
      const members = reader.texts(group).filter(({ text, node }) => isRecipient(text, node));
      return [group.name, members.map(({ text }) => text)];
    }),
  );
}

function readAllow(
  reader: PolicyReader,
  field: Field | undefined,
  { ruleIds, now }: ReadPolicyOptions,
): readonly PlacedAllow[] {
  if (field === undefined) return [];
  return reader.elements(field.value, '`allow`').flatMap((node) => {
    const fields = reader.record(node, 'an allow entry', ['rule', 'path', 'reason', 'until']);
    const [rule, path, reason] = ['rule', 'path', 'reason'].map((name) => {
      const one = fields.get(name);
      const text = one === undefined ? null : reader.text(one.value, `\`${name}\``);
      if (one === undefined) reader.report('bad-value', node, `an allow entry needs \`${name}\``);
      return text;
    });
    const until = reader.date(fields.get('until'));
    if (rule != null && !ruleIds.has(rule)) {
      const nearest = nearestWord(rule, [...ruleIds]);
      const hint =
        nearest === null
          ? 'The rules are listed in the documentation.'
          : `Did you mean \`${nearest}\`?`;
      reader.report(
        'bad-value',
        fields.get('rule')?.value ?? node,
        `no rule is called \`${rule.slice(0, 100)}\``,
        hint,
      );
    }
    if (isOver(until, now))
      reader.report(
        'bad-value',
        fields.get('until')?.value ?? node,
        'this allow entry has expired',
        'Remove it, or decide anew until when.',
      );
    if (rule == null || path == null || reason == null) return [];
    return [{ rule, path, reason, until, position: reader.positionOf(node) }];
  });
}

function readRotation(reader: PolicyReader, field: Field | undefined): RotationPolicy | null {
  if (field === undefined) return null;
  const known = ['schedule', 'group_by', 'max_open', 'reviewers'];
  const fields = reader.record(field.value, '`rotation`', known);
  const reviewers = reader.texts(fields.get('reviewers')).map(({ text }) => text);
  return {
    schedule: reader.days(fields.get('schedule')),
    groupBy: reader.word(fields.get('group_by'), GROUPINGS),
    maxOpen: reader.count(fields.get('max_open')),
    reviewers: reviewers.length === 0 ? null : reviewers,
  };
}
