import { hostname } from 'node:os';
import {
  ageKeyService,
  cachedKeyService,
  cloudKeyServices,
  createAllowList,
  type Environment,
  type KeyGroup,
  type KeyService,
  nodeConnect,
  nodePluginHost,
  pgpKeyService,
} from '@tidelock/core';

export interface BotKeys {
  readonly services: readonly KeyService[];
  /** Overwrites every data key that was kept. */
  clear(): void;
}

/**
 * The key services of the machine the bot runs on; nobody is asked for a passphrase.
 * @param named key groups of the base's creation rules: a plugin runs for those recipients alone, and
 *   in CI a cloud is asked for those keys alone, never because a file's metadata says so
 */
export function botKeyServices(environment: Environment, named: readonly KeyGroup[]): BotKeys {
  const keys = named.flatMap((group) => group.keys);
  const recipients = new Set(keys.flatMap((key) => (key.type === 'age' ? [key.recipient] : [])));
  const age = ageKeyService({
    environment,
    isTrustedRecipient: (recipient) => recipients.has(recipient),
    plugins: {
      host: nodePluginHost(),
      env: environment.env,
      cwd: environment.cwd,
      repository: environment.cwd,
    },
  });
  const clouds = cloudKeyServices({
    environment,
    connect: nodeConnect((protocol) =>
      protocol === 'https:' ? import('node:https') : import('node:http'),
    ),
    allowList: createAllowList({ env: environment.env, named: keys }),
    hostName: hostname(),
  });
  const services = [age, pgpKeyService({ environment }), ...clouds].map(cachedKeyService);
  return {
    services,
    clear: () => {
      for (const service of services) service.clear();
    },
  };
}
