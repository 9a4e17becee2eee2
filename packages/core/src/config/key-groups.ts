import type { KeyGroup, MasterKey } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import { checkKey, parseKey } from '../keys/key-spec.ts';
import type { CreationRule, KeySpec } from './creation-rule.ts';

export interface KeyGroupOptions {
  /** RFC 3339, whole seconds, UTC. */
  readonly createdAt: string;
  /** For the flat form, from `--encryption-context`. */
  readonly context?: ReadonlyMap<string, string>;
}

/**
 * The key groups a rule asks for, `enc` empty. None when the rule names no keys.
 * @throws TidelockError ERR_KEY_SPEC with the place in the configuration
 */
export function keyGroupsOf(rule: CreationRule, options: KeyGroupOptions): readonly KeyGroup[] {
  return rule.keyGroups.map((specs, group) => ({
    keys: specs.map((spec) => keyOf(spec, group, options)),
  }));
}

function keyOf(spec: KeySpec, group: number, { createdAt, context }: KeyGroupOptions): MasterKey {
  try {
    const key = parseKey(spec.type, spec.text, {
      createdAt,
      ...(spec.context === undefined && context === undefined
        ? {}
        : { context: spec.context ?? context ?? new Map() }),
      ...(spec.awsProfile === undefined ? {} : { awsProfile: spec.awsProfile }),
    });
    if (spec.role === undefined || key.type !== 'kms') return key;
    const withRole = { ...key, role: spec.role };
    checkKey(withRole);
    return withRole;
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    throw new TidelockError(error.code, `${error.message} (group ${group} of the creation rule)`, {
      position: spec.position,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}
