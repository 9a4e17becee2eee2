import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs `use` with a folder only this user can enter and removes it afterwards, also when the command
 * is interrupted.
 */
export async function withPrivateFolder<T>(
  prefix: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o700);
  const remove = () => rm(folder, { recursive: true, force: true });
  const onSignal = (signal: NodeJS.Signals) => {
    void remove().finally(() => {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    });
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await use(folder);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    await remove();
  }
}
