import { join } from 'node:path';
import type { Ports } from '../ports.ts';

/** Where sops looks for age identities unless told otherwise (SOPS-FORMAT 6.3). */
export function keysFilePath({ env, homeDir, platform }: Ports): string {
  const named = env.XDG_CONFIG_HOME;
  if (named !== undefined && named !== '') return join(named, 'sops/age/keys.txt');
  if (platform === 'darwin') return join(homeDir, 'Library/Application Support/sops/age/keys.txt');
  if (platform === 'win32') return join(env.AppData ?? homeDir, 'sops/age/keys.txt');
  return join(homeDir, '.config/sops/age/keys.txt');
}
