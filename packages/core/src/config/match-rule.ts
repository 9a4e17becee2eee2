import type { CreationRule } from './creation-rule.ts';
import type { SopsConfig } from './sops-config.ts';

/**
 * The path that rules are matched against: relative to the configuration's folder when the file lies
 * below it, else as it is (SOPS-FORMAT 8.2). Both absolute; symbolic links are not resolved.
 */
export function relativeToConfig(configPath: string, filePath: string): string {
  const folder = configPath.slice(0, configPath.lastIndexOf('/') + 1);
  return filePath.startsWith(folder) ? filePath.slice(folder.length) : filePath;
}

/** The first rule that matches, or null. */
export function matchCreationRule(config: SopsConfig, path: string): CreationRule | null {
  return config.creationRules?.find((rule) => rule.matches(path)) ?? null;
}
