import { basename } from 'node:path';
import {
  type CreationRule,
  type KeyGroup,
  type KeyGroupOptions,
  keyGroupsOf,
  type MasterKey,
  type MasterKeyType,
  matchCreationRule,
  parseEncryptionContext,
  parseKeyList,
  relativeToConfig,
  rfc3339Seconds,
  TidelockError,
} from '@tidelock/core';
import type { FoundConfig } from './config-lookup.ts';
import type { Flags } from './flags.ts';

/** The flags of each kind, in the order in which sops puts keys into a group (SOPS-FORMAT 6.2). */
const FLAG_ORDER: readonly (readonly [MasterKeyType, string])[] = [
  ['kms', 'kms'],
  ['gcp_kms', 'gcp-kms'],
  ['hckms', 'hckms'],
  ['azure_kv', 'azure-kv'],
  ['pgp', 'pgp'],
  ['hc_vault', 'hc-vault-transit'],
  ['age', 'age'],
];

/** The keys that flags or their environment variables name; `prefix` is `add-` or `rm-` for rotate. */
export function keysFromFlags(flags: Flags, createdAt: string, prefix = ''): readonly MasterKey[] {
  const context = parseEncryptionContext(flags.text('encryption-context') ?? '');
  const awsProfile = flags.text('aws-profile') ?? '';
  return FLAG_ORDER.flatMap(([type, name]) =>
    flags
      .list(prefix + name)
      .flatMap((list) =>
        ofFlag(prefix + name, () => parseKeyList(type, list, { createdAt, context, awsProfile })),
      ),
  );
}

function ofFlag<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new TidelockError(error.code, `--${name}: ${error.message}`, hint);
  }
}

/** The key groups of a file's rule. @throws TidelockError naming the place in the configuration */
export function groupsOfRule(
  place: { readonly found: FoundConfig; readonly rule: CreationRule; readonly label: string },
  options: KeyGroupOptions,
): readonly KeyGroup[] {
  try {
    return keyGroupsOf(place.rule, options);
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    throw new TidelockError(error.code, `${error.message}, for ${place.label}`, {
      path: place.found.path,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.position === undefined ? {} : { position: error.position }),
    });
  }
}

export interface WantedKeys {
  readonly groups: readonly KeyGroup[];
  readonly rule: CreationRule | null;
}

/**
 * Whom a new file is for: the flags' keys, else those of the first creation rule that matches. A
 * configuration with rules must match even when flags give the keys (SOPS-FORMAT 6.2, 8.2).
 * @throws TidelockError ERR_CONFIG_NOT_FOUND, ERR_NO_CREATION_RULE, ERR_NO_KEYS
 */
export function wantedKeys(
  flags: Flags,
  found: FoundConfig | null,
  file: { readonly name: string; readonly createdAt: Date },
): WantedKeys {
  const rule = found === null ? null : ruleFor(found, file.name);
  const createdAt = rfc3339Seconds(file.createdAt);
  const fromFlags = keysFromFlags(flags, createdAt);
  if (fromFlags.length > 0) return { groups: [{ keys: fromFlags }], rule };
  if (found === null || rule === null) {
    throw new TidelockError(
      'ERR_CONFIG_NOT_FOUND',
      `config file not found, and no keys provided: nobody could read ${basename(file.name)}`,
      {
        hint: 'Name a key (--age age1...), or write a .sops.yaml with creation rules (tidelock init does).',
      },
    );
  }
  const groups = groupsOfRule(
    { found, rule, label: basename(file.name) },
    {
      createdAt,
      context: parseEncryptionContext(flags.text('encryption-context') ?? ''),
    },
  );
  if (groups.length === 0 || groups.some((group) => group.keys.length === 0)) {
    throw new TidelockError(
      'ERR_NO_KEYS',
      'empty key group provided: the creation rule that matches names no keys',
      {
        path: found.path,
        position: rule.position,
        hint: 'Add age, pgp or another kind of key to that rule.',
      },
    );
  }
  return { groups, rule };
}

/** The rule for a file; null only where the configuration has no creation_rules at all. */
export function ruleFor(found: FoundConfig, name: string): CreationRule | null {
  if (found.config.creationRules === null) return null;
  const rule = matchCreationRule(found.config, relativeToConfig(found.path, name));
  if (rule !== null) return rule;
  throw new TidelockError(
    'ERR_NO_CREATION_RULE',
    'error loading config: no matching creation rules found',
    {
      path: found.path,
      hint: `No path_regex there matches ${name}; add a rule for it.`,
    },
  );
}
