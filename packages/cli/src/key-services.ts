import { hostname } from 'node:os';
import {
  ageKeyService,
  type Connect,
  cachedKeyService,
  cloudKeyServices,
  createAllowList,
  type KeyGroup,
  type KeyService,
  nodeConnect,
  nodePluginHost,
  pgpKeyService,
  proxyFromEnvironment,
  tunnelThroughProxies,
} from '@tidelock/core';
import { CommandError } from './command-error.ts';
import { readPassphrase } from './files/passphrase.ts';
import { repositoryOf } from './files/repository.ts';
import type { Flags } from './flags.ts';
import { cancelOnInterrupt } from './interrupt.ts';
import type { Ports } from './ports.ts';
import { shownWhileWaiting } from './waiting.ts';

/**
 * The key services of this machine. `trusted` are key groups that the user or `.sops.yaml` named: an
 * age plugin runs for those recipients alone, and in CI a cloud is asked for those keys alone, never
 * because a file's metadata says so.
 */
export function localKeyServices(
  ports: Ports,
  flags: Flags,
  trusted: readonly KeyGroup[] = [],
): readonly KeyService[] {
  if (flags.list('keyservice').length > 0) {
    throw new CommandError(
      'ERR_UNSUPPORTED',
      1,
      'remote key services (--keyservice) are not supported',
      'Use the keys on this machine, or sops for this file.',
    );
  }
  if (flags.has('enable-local-keyservice') && !flags.isOn('enable-local-keyservice')) return [];
  const recipients = new Set(
    trusted
      .flatMap((group) => group.keys)
      .flatMap((key) => (key.type === 'age' ? [key.recipient] : [])),
  );
  const age = ageKeyService({
    environment: ports,
    readPassphrase,
    isTrustedRecipient: (recipient) => recipients.has(recipient),
    plugins: {
      host: nodePluginHost(),
      env: ports.env,
      cwd: ports.cwd,
      repository: repositoryOf(ports.cwd),
    },
  });
  const pgp = pgpKeyService({ environment: ports, readPassphrase });
  const clouds = cloudKeyServices({
    environment: ports,
    connect: connectByNode(ports.env),
    httpsAgent: () => httpsAgent(ports.env),
    allowList: createAllowList({
      env: ports.env,
      named: trusted.flatMap((group) => group.keys),
      entries: flags.list('kms-allowlist'),
    }),
    hostName: hostname(),
    cancel: cancelOnInterrupt(),
  });
  return [age, pgp, ...shownWhileWaiting(clouds, ports)].map(cachedKeyService);
}

export function connectByNode(env: Ports['env']): Connect {
  return nodeConnect(
    (protocol) => (protocol === 'https:' ? import('node:https') : import('node:http')),
    { proxyFor: proxyFromEnvironment(env) },
  );
}

/** For AWS' clients, which know of no proxy; undefined where none is set. */
export async function httpsAgent(env: Ports['env']): Promise<object | undefined> {
  if (!env.HTTPS_PROXY && !env.https_proxy) return undefined;
  const [http, https] = await Promise.all([import('node:http'), import('node:https')]);
  const agent = new https.Agent({ keepAlive: true });
  return tunnelThroughProxies(agent, http, proxyFromEnvironment(env));
}
