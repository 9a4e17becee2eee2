import type { CommandLoader } from '../command.ts';
import { decryptCommand } from './decrypt.ts';
import { encryptCommand } from './encrypt.ts';
import { filestatusCommand } from './filestatus.ts';
import { inspectCommand } from './inspect.ts';
import { rotateCommand } from './rotate.ts';
import { setCommand } from './set.ts';
import { unsetCommand } from './unset.ts';
import { updatekeysCommand } from './updatekeys.ts';

/**
 * Every subcommand. A new one is a file in this folder and a line here. Those that are run in loops
 * and scripts come with the program in one file, the others are loaded when they are called.
 */
export const COMMANDS: ReadonlyMap<string, CommandLoader> = new Map<string, CommandLoader>([
  ['encrypt', async () => encryptCommand],
  ['decrypt', async () => decryptCommand],
  ['edit', async () => (await import('./edit.ts')).editCommand],
  ['set', async () => setCommand],
  ['unset', async () => unsetCommand],
  ['rotate', async () => rotateCommand],
  ['updatekeys', async () => updatekeysCommand],
  ['groups', async () => (await import('./groups.ts')).groupsCommand],
  ['publish', async () => (await import('./publish.ts')).publishCommand],
  ['filestatus', async () => filestatusCommand],
  ['exec-env', async () => (await import('./exec-env.ts')).execEnvCommand],
  ['exec-file', async () => (await import('./exec-file.ts')).execFileCommand],
  ['inspect', async () => inspectCommand],
  ['explain', async () => (await import('./explain.ts')).explainCommand],
  ['scan', async () => (await import('./scan.ts')).scanCommand],
  ['init', async () => (await import('./init.ts')).initCommand],
  ['kubernetes', async () => (await import('./kubernetes.ts')).kubernetesCommand],
  ['sealed-secrets', async () => (await import('./sealed-secrets.ts')).sealedSecretsCommand],
  ['migrate', async () => (await import('./migrate.ts')).migrateCommand],
  ['access', async () => (await import('./access.ts')).accessCommand],
  ['check', async () => (await import('./check.ts')).checkCommand],
  ['keygen', async () => (await import('./keygen.ts')).keygenCommand],
  ['completion', async () => (await import('./completion.ts')).completionCommand],
]);
