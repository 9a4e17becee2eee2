import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { KmsFailure, loadPackage, withoutVersionWarning } from '@tidelock/core';

/**
 * AWS' own package with a client for each region, `''` being that of the environment; loaded when the
 * first secret is met. It does not retry: our own policy does.
 * @throws KmsFailure for what names no region
 */
export async function secretsManagerClients(httpsAgent?: object) {
  const way = httpsAgent === undefined ? {} : { requestHandler: { httpsAgent } };
  const sdk = await loadPackage(
    '@aws-sdk/client-secrets-manager',
    () => import('@aws-sdk/client-secrets-manager'),
  );
  const clients = new Map<string, SecretsManagerClient>();
  const clientFor = (region: string): SecretsManagerClient => {
    const known = clients.get(region);
    if (known !== undefined) return known;
    requireRegion(region);
    const options = { maxAttempts: 1, ...way, ...(region === '' ? {} : { region }) };
    const client = withoutVersionWarning(() => new sdk.SecretsManagerClient(options));
    clients.set(region, client);
    return client;
  };
  return { sdk, clientFor };
}

/** It becomes part of a host name: nothing else may be in it. */
function requireRegion(region: string): void {
  if (region === '' || /^[a-z]{2,8}(?:-[a-z]{1,12}){1,3}-[0-9]{1,2}$/.test(region)) return;
  throw new KmsFailure('a region is none of AWS', 'Such as eu-west-1; check where it is written.');
}
