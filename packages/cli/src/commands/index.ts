import type { CommandLoader } from '../command.ts';

/** Every subcommand. A new one is a file in this folder and a line here. */
export const COMMANDS: ReadonlyMap<string, CommandLoader> = new Map<string, CommandLoader>([
  ['encrypt', async () => (await import('./encrypt.ts')).encryptCommand],
  ['decrypt', async () => (await import('./decrypt.ts')).decryptCommand],
  ['edit', async () => (await import('./edit.ts')).editCommand],
  ['set', async () => (await import('./set.ts')).setCommand],
  ['unset', async () => (await import('./unset.ts')).unsetCommand],
  ['rotate', async () => (await import('./rotate.ts')).rotateCommand],
  ['updatekeys', async () => (await import('./updatekeys.ts')).updatekeysCommand],
  ['groups', async () => (await import('./groups.ts')).groupsCommand],
  ['filestatus', async () => (await import('./filestatus.ts')).filestatusCommand],
  ['exec-env', async () => (await import('./exec-env.ts')).execEnvCommand],
  ['exec-file', async () => (await import('./exec-file.ts')).execFileCommand],
  ['inspect', async () => (await import('./inspect.ts')).inspectCommand],
  ['explain', async () => (await import('./explain.ts')).explainCommand],
  ['scan', async () => (await import('./scan.ts')).scanCommand],
  ['init', async () => (await import('./init.ts')).initCommand],
  ['check', async () => (await import('./check.ts')).checkCommand],
  ['keygen', async () => (await import('./keygen.ts')).keygenCommand],
  ['completion', async () => (await import('./completion.ts')).completionCommand],
]);
