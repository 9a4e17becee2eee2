import { type AllowList, vaultPlace } from '@tidelock/core';
import type { Ports } from '../../ports.ts';
import { isVaultAddress } from '../../vault-address.ts';
import { LeftToHand, type RemoteSecret, type VaultStore } from './remote-secret.ts';

export interface VaultAddresses {
  /** Where a store is read. @throws LeftToHand where a token must not go, or nobody says where */
  addressOf(store: VaultStore): string;
}

/** Reached only from within the cluster. */
const IN_CLUSTER = /^https?:\/\/[^/:]+(?:\.svc(?:\.[^/:]+)?)?(?::\d+)?(?:\/|$)/;
const HAS_POINT = /^https?:\/\/[^/:]*\./;
const LOOPBACK = /^https?:\/\/(?:127\.[\d.]+|localhost|\[::1\])(?::\d+)?(?:\/|$)/;

/**
 * The token is that of VAULT_ADDR, and goes there. Without it, to the address in the store where that
 * is permitted: whoever writes a manifest does not decide who receives a token.
 */
export function vaultAddresses(
  secrets: readonly RemoteSecret[],
  { env }: Pick<Ports, 'env'>,
  allowList: AllowList,
): VaultAddresses {
  const own = (env.VAULT_ADDR ?? '').replace(/\/+$/, '');
  const servers = new Set(secrets.flatMap(vaultStoresOf).flatMap(({ server }) => server ?? []));
  return {
    addressOf({ server }) {
      const address = own === '' ? server : own;
      if (address === null) throw new LeftToHand('no Vault is named for it: set VAULT_ADDR');
      if (
        own !== '' &&
        server !== null &&
        server !== own &&
        !mayStandFor(own, server, servers.size)
      )
        throw new LeftToHand(
          `its store reads from ${server}, and VAULT_ADDR names another Vault: run again with the one of this store`,
        );
      if (!isVaultAddress(address)) throw new LeftToHand('the address of its Vault is malformed');
      if (!allowList.permits(vaultPlace(address)))
        throw new LeftToHand(
          `its Vault ${address} is not on the allow-list: if it is yours, name it in SOPS_HC_VAULT_ALLOWLIST or TIDELOCK_KMS_ALLOWLIST`,
        );
      return address;
    },
  };
}

export function vaultStoresOf({ needs }: RemoteSecret): readonly VaultStore[] {
  return needs
    .map((need) => (need.kind === 'find' ? need.store : need.remote.store))
    .flatMap((store) => (store.kind === 'vault' ? [store] : []));
}

/** A forwarded port, or the way from outside to the one Vault that is named by its name in the cluster. */
function mayStandFor(own: string, server: string, servers: number): boolean {
  return servers === 1 && (LOOPBACK.test(own) || isInCluster(server));
}

const isInCluster = (server: string) =>
  IN_CLUSTER.test(server) && (!HAS_POINT.test(server) || /\.svc(?:[.:/]|$)/.test(server));
