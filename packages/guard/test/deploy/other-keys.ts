import { readFileSync } from 'node:fs';
import {
  cloudKeyServices,
  type Environment,
  type MasterKey,
  nodeConnect,
  pgpKeyService,
} from '@tidelock/core';
import type { GcpKmsFake } from '../../../../test/fakes/gcp-kms.ts';
import { vector } from '../../../../test/support/program.ts';
import { emptyEnvironment, type Keys } from './encrypt-example.ts';

const FINGERPRINT = 'C1BDD1DCBC595AB19E4C1C9A5996A9ED366DDE0F';

/** One key for whatever numbers are asked for. */
const always =
  (key: MasterKey): Keys['groupsOf'] =>
  (numbers) =>
    numbers.map(() => ({ keys: [key] }));

/** PGP by openpgp, or by the gpg of an environment. */
export function pgpKeys(gpg?: Environment): Keys {
  const armored = gpg === undefined ? [readFileSync(vector('pgp-secret-test.asc'), 'utf8')] : [];
  const env = { SOPS_GPG_EXEC: '/nonexistent' };
  const environment = gpg ?? { ...emptyEnvironment, env };
  return {
    services: [pgpKeyService({ environment, armoredKeys: armored })],
    groupsOf: always({ type: 'pgp', fingerprint: FINGERPRINT, enc: '', createdAt: '' }),
  };
}

/** Google's KMS, of which the fake really wraps. */
export function gcpKeys(fake: GcpKmsFake): Keys {
  const env = { SOPS_GCP_KMS_ENDPOINT: fake.url, GOOGLE_OAUTH_ACCESS_TOKEN: fake.token };
  const connect = nodeConnect((protocol) =>
    protocol === 'https:' ? import('node:https') : import('node:http'),
  );
  const resourceId = 'projects/p/locations/global/keyRings/r/cryptoKeys/flux';
  return {
    services: cloudKeyServices({ environment: { ...emptyEnvironment, env }, connect }),
    groupsOf: always({ type: 'gcp_kms', resourceId, enc: '', createdAt: '' }),
  };
}
