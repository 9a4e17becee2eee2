import { decodeUtf8 } from '../bytes.ts';
import { TidelockError } from '../errors.ts';
import type { YamlNode } from '../yaml/nodes.ts';
import { parseYamlStream } from '../yaml/parse.ts';
import { type ConfigProblem, ConfigReader, type Field } from './config-reader.ts';
import type { CreationRule, DestinationRule, StoreOptions } from './creation-rule.ts';
import { readDestinationRule } from './read-destination.ts';
import { readCreationRule } from './read-rule.ts';

/** A `.sops.yaml` (SOPS-FORMAT 8.3). */
export interface SopsConfig {
  /** null: the file has none, which is as good as no file. */
  readonly creationRules: readonly CreationRule[] | null;
  readonly destinationRules: readonly DestinationRule[];
  readonly stores: StoreOptions;
}

export interface ReadConfig {
  /** What can be made of the file, mistakes left out. */
  readonly config: SopsConfig;
  readonly problems: readonly ConfigProblem[];
}

const TOP_FIELDS = ['creation_rules', 'destination_rules', 'stores'];
const DEFAULT_STORES: StoreOptions = { yamlIndent: 4, jsonIndent: -1, jsonBinaryIndent: -1 };
const EMPTY: SopsConfig = { creationRules: null, destinationRules: [], stores: DEFAULT_STORES };

/**
 * The configuration, for those who act on it.
 * @throws TidelockError ERR_CONFIG for the first mistake, with its position: sops ignores a misspelt
 * key and a broken expression, and then encrypts otherwise than was meant
 */
export function parseSopsConfig(bytes: Uint8Array, path: string): SopsConfig {
  const { config, problems } = readSopsConfig(bytes);
  const [problem] = problems;
  if (problem === undefined) return config;
  const code = problem.code === 'selection-conflict' ? 'ERR_SELECTION_CONFLICT' : 'ERR_CONFIG';
  throw new TidelockError(code, problem.message, {
    path,
    position: problem.position,
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
}

/** The configuration and every mistake in it, for those who judge it. Never throws. */
export function readSopsConfig(bytes: Uint8Array): ReadConfig {
  const text = decodeUtf8(bytes);
  if (text === null) return failed('the file is not UTF-8', { line: 1, column: 1 });
  let root: YamlNode | undefined;
  try {
    root = parseYamlStream(text).documents[0]?.root;
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return failed(error.message, error.position ?? { line: 1, column: 1 });
  }
  if (root === undefined) return { config: EMPTY, problems: [] };
  const reader = new ConfigReader(text);
  return { config: readRoot(reader, root), problems: reader.problems };
}

function failed(message: string, position: ConfigProblem['position']): ReadConfig {
  return { config: EMPTY, problems: [{ code: 'syntax', message, position }] };
}

function readRoot(reader: ConfigReader, root: YamlNode): SopsConfig {
  const fields = new Map<string, Field>();
  for (const field of reader.fields(root, 'the configuration')) {
    if (TOP_FIELDS.includes(field.name)) fields.set(field.name, field);
    else if (!isPlaceForAnchors(field))
      reader.reportUnknown(field, 'the configuration', TOP_FIELDS);
  }
  const rules = fields.get('creation_rules');
  const destinations = fields.get('destination_rules');
  return {
    creationRules:
      rules === undefined || reader.isNull(rules.value)
        ? null
        : reader
            .elements(rules.value, '`creation_rules`')
            .map((node, index) => readCreationRule(reader, node, index)),
    destinationRules:
      destinations === undefined
        ? []
        : reader
            .elements(destinations.value, '`destination_rules`')
            .flatMap((node) => readDestinationRule(reader, node) ?? []),
    stores: readStores(reader, fields.get('stores')),
  };
}

/** A key of one's own at the top is a usual place to define anchors: `keys: [&alice age1...]`. */
function isPlaceForAnchors(field: Field): boolean {
  return field.name.startsWith('x-') || definesAnchor(field.value, 0);
}

function definesAnchor(node: YamlNode, depth: number): boolean {
  if (node.anchor !== undefined) return true;
  if (depth > 20) return false;
  if (node.kind === 'list')
    return node.elements.some((element) => definesAnchor(element, depth + 1));
  return node.kind === 'map' && node.pairs.some((pair) => definesAnchor(pair.value, depth + 1));
}

function readStores(reader: ConfigReader, field: Field | undefined): StoreOptions {
  if (field === undefined) return DEFAULT_STORES;
  const stores = reader.record(field.value, '`stores`', [
    'yaml',
    'json',
    'json_binary',
    'dotenv',
    'ini',
  ]);
  const indentOf = (name: string): number | null => {
    const store = stores.get(name);
    const indent =
      store === undefined
        ? undefined
        : reader.record(store.value, `\`${name}\``, ['indent']).get('indent');
    return indent === undefined ? null : reader.integer(indent.value, `\`indent\` of \`${name}\``);
  };
  return {
    yamlIndent: indentOf('yaml') || DEFAULT_STORES.yamlIndent,
    jsonIndent: indentOf('json') ?? DEFAULT_STORES.jsonIndent,
    jsonBinaryIndent: indentOf('json_binary') ?? DEFAULT_STORES.jsonBinaryIndent,
  };
}
