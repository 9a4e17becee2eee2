export type { Covered, CoveredBy } from './coverage.ts';
export { coveredByCreationRule } from './creation-rules.ts';
export type { Command, HookOptions, Stage } from './hook-options.ts';
export { parseCommand } from './hook-options.ts';
export type { Installed, Program } from './install.ts';
export { installHooks, uninstallHooks } from './install.ts';
export { HOOK_RULES } from './rules.ts';
export type { HookPorts } from './run-hook.ts';
export { runHook } from './run-hook.ts';
