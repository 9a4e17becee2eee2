import {
  type AllowList,
  type Connect,
  createVaultSession,
  type Environment,
  jsonAt,
  KmsFailure,
  vaultPlace,
} from '@tidelock/core';
import { isVaultAddress } from '../vault-address.ts';
import { type VaultDestination, vaultAddressOf, vaultPathOf } from './place.ts';
import type { Publisher } from './publication.ts';

/** Writes the values of a file to a KV engine, unless they are there already. */
export function vaultPublisher(
  environment: Environment,
  connect: Connect,
  allowList: AllowList,
): Publisher<VaultDestination> {
  const permits = (address: string) => allowList.permits(vaultPlace(address));
  const session = createVaultSession(environment, connect, permits);
  return async ({ destination, objectName, bytes }, signal) => {
    const vaultAddress = vaultAddressOf(destination, environment.env);
    requirePermitted(vaultAddress, permits);
    const request = { vaultAddress, path: pathOf(destination, objectName), signal };
    const values = Buffer.from(bytes).toString('utf8');
    const there = await session.ask(request);
    const held = jsonAt(there.body, destination.version === 2 ? ['data', 'data'] : ['data']);
    if (there.status === 200 && isSame(held, values)) return 'unchanged';
    const body = destination.version === 2 ? `{"data":${values}}` : values;
    const { status } = await session.ask({ ...request, body });
    if (status !== 200 && status !== 204) throw refusal(status);
    return 'written';
  };
}

function pathOf(destination: VaultDestination, objectName: string): string {
  const path = vaultPathOf(destination, objectName);
  if (!path.split('/').some((segment) => segment === '.' || segment === '..')) return path;
  throw new KmsFailure('the path in Vault is malformed', CONFIG_HINT);
}

const CONFIG_HINT =
  'Check vault_address, vault_kv_mount_name, vault_kv_version and vault_path in .sops.yaml.';

function requirePermitted(address: string, permits: (address: string) => boolean): void {
  if (!isVaultAddress(address)) {
    throw new KmsFailure('the address of Vault is malformed: nothing was sent', CONFIG_HINT);
  }
  if (permits(address)) return;
  throw new KmsFailure(
    'this Vault is not on the allow-list: nothing was sent',
    'If it is yours, name its address in SOPS_HC_VAULT_ALLOWLIST or TIDELOCK_KMS_ALLOWLIST.',
  );
}

/** Equal whatever the order of keys; never for numbers whose digits were lost in reading. */
function isSame(held: unknown, values: string): boolean {
  const wanted: unknown = JSON.parse(values);
  return isExact(wanted) && ordered(held) === ordered(wanted);
}

function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
      : part,
  );
}

function refusal(status: number): KmsFailure {
  if (status === 403) {
    const hint =
      'The token is expired or its policy lacks create and update on this path: log in again (vault login) or set VAULT_TOKEN.';
    return new KmsFailure('Vault denies permission (403)', hint);
  }
  if (status === 404) return new KmsFailure('Vault has no such engine (404)', CONFIG_HINT);
  return new KmsFailure(`Vault answered ${status}`, CONFIG_HINT);
}
