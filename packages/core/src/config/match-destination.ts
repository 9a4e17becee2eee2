import type { DestinationRule } from './creation-rule.ts';
import type { SopsConfig } from './sops-config.ts';

/**
 * The first destination rule that matches the path as it was given on the command line, or null
 * (SOPS-FORMAT 8.3).
 */
export function matchDestinationRule(config: SopsConfig, path: string): DestinationRule | null {
  return config.destinationRules.find((rule) => rule.matches(path)) ?? null;
}
