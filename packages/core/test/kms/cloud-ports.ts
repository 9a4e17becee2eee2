import type { CloudOptions } from '../../src/kms/cloud-key-service.ts';
import { nodeConnect } from '../../src/kms/node-connect.ts';
import { DEFAULT_RETRY, type RetryPolicy } from '../../src/kms/retry.ts';
import type { Environment } from '../../src/ports.ts';

/** Real sockets. */
export const connect = nodeConnect((protocol) =>
  protocol === 'https:' ? import('node:https') : import('node:http'),
);

/** Retries without waiting. */
export const QUICK_RETRY: RetryPolicy = {
  ...DEFAULT_RETRY,
  callMs: 2_000,
  sleep: async () => undefined,
};

export function environmentOf(
  env: Readonly<Record<string, string | undefined>>,
  files: ReadonlyMap<string, string> = new Map(),
): Environment {
  return {
    env,
    platform: 'linux',
    homeDir: '/home/tester',
    cwd: '/',
    readFile: async (path) => {
      const text = files.get(path);
      return text === undefined ? null : Buffer.from(text);
    },
    run: () => Promise.reject(new Error('nothing is run here')),
  };
}

export function cloudOptions(
  env: Readonly<Record<string, string | undefined>>,
  more: Partial<CloudOptions> = {},
): CloudOptions {
  return { environment: environmentOf(env), connect, retry: QUICK_RETRY, ...more };
}
