import { homedir, hostname } from 'node:os';
import {
  type CheckPorts,
  createVerifier,
  type MakeVerifier,
  readFileOrNull,
  run,
} from '@tidelock/check';
import {
  ageKeyService,
  cachedKeyService,
  cloudKeyServices,
  createAllowList,
  createLabelProver,
  type Environment,
  nodeConnect,
  pgpKeyService,
} from '@tidelock/core';

/** With the keys of this machine; a cloud is asked only for keys that the judging policy names. */
export function verifierOn(ports: CheckPorts, cwd: string): MakeVerifier {
  const environment: Environment = {
    env: ports.env,
    platform: process.platform,
    homeDir: homedir(),
    cwd,
    readFile: readFileOrNull,
    run,
  };
  const prove = createLabelProver({ environment });
  const age = ageKeyService({ environment });
  const pgp = pgpKeyService({ environment });
  return (trusted) => {
    const named = trusted.flatMap(({ keys }) => keys);
    const clouds = cloudKeyServices({
      environment,
      connect: nodeConnect((protocol) =>
        protocol === 'https:' ? import('node:https') : import('node:http'),
      ),
      allowList: createAllowList({ env: ports.env, named }),
      hostName: hostname(),
    });
    return createVerifier([age, pgp, ...clouds].map(cachedKeyService), prove);
  };
}
