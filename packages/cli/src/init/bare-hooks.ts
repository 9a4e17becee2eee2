import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { hooksFolder, openRepository, type Repository } from '@tidelock/git';
import { type Installed, installHooks } from '@tidelock/pre-commit';

/** Whether Git's own hooks folder runs tidelock before a commit. */
export async function hasBareHooks(repository: Repository): Promise<boolean> {
  const { path } = await hooksFolder(repository);
  const hook = join(path, 'pre-commit');
  return existsSync(hook) && readFileSync(hook, 'latin1').includes('tidelock');
}

/** Installs the three hooks, each behind the one that was there. */
export async function installBareHooks(root: string, env: NodeJS.ProcessEnv): Promise<Installed> {
  return installHooks(await openRepository(root, env), {
    node: process.execPath,
    script: hookProgram(),
  });
}

function hookProgram(): string {
  const manifest = createRequire(import.meta.url).resolve('@tidelock/pre-commit/package.json');
  return join(dirname(manifest), 'dist/tidelock-pre-commit.js');
}
