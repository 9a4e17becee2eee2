import {
  compileRegex,
  decodeUtf8,
  type Field,
  type Matches,
  parseYamlStream,
  TidelockError,
  type YamlNode,
} from '@tidelock/core';
import { PolicyReader } from './policy-reader.ts';

/** A `.sops-check.yaml`, read: every rule holds for a file. */
export interface SopsCheckPolicy {
  readonly allowUnmatched: boolean;
  readonly rules: readonly SopsCheckRule[];
}

export interface SopsCheckRule {
  readonly description: string;
  /** All that the rule says, as a text that is equal for equal rules. */
  readonly text: string;
  /** Null: for every path. */
  readonly isFor: ((path: string) => boolean) | null;
  readonly test:
    | { readonly kind: 'match'; readonly matches: Matches }
    | { readonly kind: 'allOf' | 'anyOf' | 'oneOf'; readonly rules: readonly SopsCheckRule[] }
    | { readonly kind: 'not'; readonly rule: SopsCheckRule };
}

const KINDS = ['match', 'matchRegex', 'allOf', 'anyOf', 'oneOf', 'not'] as const;
const FIELDS = [...KINDS, 'description', 'url', 'paths'];
const DEEPEST = 50;

/** @throws TidelockError ERR_CONFIG for the first mistake, with file, line and column */
export function parseSopsCheck(bytes: Uint8Array, path: string): SopsCheckPolicy {
  const text = decodeUtf8(bytes);
  if (text === null) throw new TidelockError('ERR_CONFIG', 'the file is not UTF-8', { path });
  const root = parseYamlStream(text).documents[0]?.root;
  if (root === undefined) return { allowUnmatched: true, rules: [] };
  const reader = new PolicyReader(text);
  const fields = reader.record(root, 'the policy', ['allowUnmatched', 'rules']);
  const allow = fields.get('allowUnmatched');
  const policy = {
    allowUnmatched: allow !== undefined && reader.boolean(allow.value, '`allowUnmatched`') === true,
    rules: readRules(reader, fields.get('rules'), 0),
  };
  const [problem] = reader.problems;
  if (problem === undefined) return policy;
  const { message, position, hint } = problem;
  throw new TidelockError('ERR_CONFIG', message, {
    path,
    position,
    ...(hint === undefined ? {} : { hint }),
  });
}

function readRules(
  reader: PolicyReader,
  field: Field | undefined,
  depth: number,
): readonly SopsCheckRule[] {
  if (field === undefined) return [];
  return reader
    .elements(field.value, `\`${field.name}\``)
    .flatMap((node) => readRule(reader, node, depth) ?? []);
}

function readRule(reader: PolicyReader, node: YamlNode, depth: number): SopsCheckRule | null {
  const fields = reader.record(node, 'a rule', FIELDS);
  const given = KINDS.flatMap((kind) => {
    const field = fields.get(kind);
    return field === undefined ? [] : [{ kind, field }];
  });
  const [only, second] = given;
  if (only === undefined || second !== undefined || depth > DEEPEST) {
    reader.report('bad-value', node, `a rule has exactly one of ${KINDS.join(', ')}`);
    return null;
  }
  const test = readTest(reader, only, depth);
  const description = fields.get('description');
  const patterns = reader.texts(fields.get('paths')).map(({ text }) => ignorePattern(text));
  return test === null
    ? null
    : {
        description:
          (description === undefined ? null : reader.text(description.value, '`description`')) ??
          only.kind,
        text: nodeText(node),
        isFor:
          patterns.length === 0 ? null : (path) => patterns.some((pattern) => pattern.test(path)),
        test,
      };
}

function readTest(
  reader: PolicyReader,
  { kind, field }: { readonly kind: (typeof KINDS)[number]; readonly field: Field },
  depth: number,
): SopsCheckRule['test'] | null {
  if (kind === 'not') {
    const rule = readRule(reader, field.value, depth + 1);
    return rule === null ? null : { kind, rule };
  }
  if (kind !== 'match' && kind !== 'matchRegex')
    return { kind, rules: readRules(reader, field, depth + 1) };
  const text = reader.text(field.value, `\`${kind}\``);
  if (text === null) return null;
  if (kind === 'match') return { kind, matches: (id) => id === text };
  try {
    return { kind: 'match', matches: compileRegex(text) };
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    reader.report('bad-regex', field.value, error.message, error.hint);
    return null;
  }
}

function nodeText(node: YamlNode): string {
  if (node.kind === 'alias') return nodeText(node.target);
  if (node.kind === 'scalar') return JSON.stringify(node.value);
  if (node.kind === 'list') return `[${node.elements.map(nodeText).join()}]`;
  return `{${node.pairs.map(({ key, value }) => `${nodeText(key)}:${nodeText(value)}`).join()}}`;
}

/** A pattern as .gitignore has them, without negation. Linear: no nested repetition. */
function ignorePattern(pattern: string): RegExp {
  const anchored = pattern.replace(/\/$/, '').includes('/');
  const body = pattern
    .replace(/^\//, '')
    .replace(/\/$/, '/**')
    .replace(/\*{3,}/g, '**')
    .split(/(\*\*\/|\/\*\*|\*\*|\*|\?)/)
    .map((part) => PARTS.get(part) ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${body}(?:/.*)?$`, 's');
}

const PARTS: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:[^/]*/)*'],
  ['/**', '/.*'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);
