import {
  type AllowList,
  type Connect,
  compileRegex,
  createVaultSession,
  type Environment,
  KmsFailure,
  vaultPlace,
} from '@tidelock/core';
import { jsonObject, objectText, within } from './json-value.ts';
import { LeftToHand, type RemoteStore, type VaultStore } from './remote-secret.ts';
import { MOST_FOUND, type StoreReader } from './store-reader.ts';
import type { VaultAddresses } from './vault-place.ts';

export interface VaultReaderOptions {
  readonly environment: Environment;
  readonly connect: Connect;
  readonly allowList: AllowList;
  readonly addresses: VaultAddresses;
}

/** Reads key-value engines with the token of whoever runs it. */
export function vaultReader({
  environment,
  connect,
  allowList,
  addresses,
}: VaultReaderOptions): StoreReader {
  const permits = (address: string) => allowList.permits(vaultPlace(address));
  const sessions = new Map<string | null, ReturnType<typeof createVaultSession>>();
  const sessionFor = (namespace: string | null) => {
    const known = sessions.get(namespace);
    if (known !== undefined) return known;
    const env =
      namespace === null ? environment.env : { ...environment.env, VAULT_NAMESPACE: namespace };
    const made = createVaultSession({ ...environment, env }, connect, permits);
    sessions.set(namespace, made);
    return made;
  };
  const ask = (store: VaultStore, path: string, query: string | null, signal: AbortSignal) => {
    const vaultAddress = addresses.addressOf(store);
    if (path.split('/').some((part) => part === '.' || part === '..'))
      throw new LeftToHand('the path of a secret is malformed');
    const more = query === null ? {} : { query };
    return sessionFor(store.namespace).ask({ vaultAddress, path, ...more, signal });
  };
  return {
    async read({ store, key, version }, signal) {
      const vault = asVault(store);
      const isCurrent = version === null || vault.version === 1;
      if (!isCurrent && !/^\d{1,9}$/.test(version))
        throw new LeftToHand('a version of Vault is a number');
      const query = isCurrent ? null : `version=${version}`;
      const { status, body } = await ask(vault, valuePath(vault, key), query, signal);
      if (status !== 200) throw refusal(status);
      const answer = jsonObject(Buffer.from(body));
      const keys = vault.version === 2 ? ['data', 'data'] : ['data'];
      const data = answer === null ? null : within(answer, ...keys);
      if (data !== null) return objectText(data);
      throw new KmsFailure(
        'the answer of Vault holds no values',
        'Is it a KV engine of that version?',
      );
    },
    async list({ store, name, path, tags }, signal) {
      const vault = asVault(store);
      if (tags.size > 0) throw new LeftToHand('it searches Vault by tags');
      if (vault.version === 1 || vault.mount === null)
        throw new LeftToHand('it searches Vault without a KV engine of version 2');
      const matches = name === null ? () => true : compileRegex(name);
      const found: string[] = [];
      const waiting = [path === null ? '' : `${path.replace(/^\/+|\/+$/g, '')}/`];
      let asked = 0;
      for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
        const place = `${vault.mount}/metadata/${at}`.replace(/\/+$/, '');
        const { status, body } = await ask(vault, place, 'list=true', signal);
        if (status === 404) continue;
        if (status !== 200) throw refusal(status);
        for (const key of keysIn(body)) {
          if (key.endsWith('/')) waiting.push(at + key);
          else if (matches(at + key)) found.push(at + key);
        }
        if (found.length > MOST_FOUND || ++asked > MOST_FOUND)
          throw new LeftToHand(`it finds more than ${MOST_FOUND} secrets`);
      }
      return found;
    },
  };
}

function asVault(store: RemoteStore): VaultStore {
  if (store.kind === 'vault') return store;
  throw new LeftToHand('its store is not Vault');
}

/** The key with or without mount and `data`, as External Secrets takes both. */
function valuePath({ mount, version }: VaultStore, key: string): string {
  const clean = key.replace(/^\/+/, '');
  if (mount === null) {
    if (version === 1 || clean.includes('/data/')) return clean;
    const [first = '', ...rest] = clean.split('/');
    return [first, 'data', ...rest].join('/');
  }
  const isFull = clean.startsWith(`${mount}/`);
  const below = isFull ? clean.slice(mount.length + 1) : clean;
  if (version === 1) return `${mount}/${below}`;
  return `${mount}/data/${isFull && below.startsWith('data/') ? below.slice('data/'.length) : below}`;
}

function keysIn(body: string): readonly string[] {
  const parsed: unknown = JSON.parse(jsonObject(Buffer.from(body)) === null ? '{}' : body);
  const data = Object.entries(parsed ?? {}).find(([name]) => name === 'data')?.[1] as unknown;
  const keys: unknown = Object.entries(data ?? {}).find(([name]) => name === 'keys')?.[1];
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

function refusal(status: number): KmsFailure {
  if (status === 403)
    return new KmsFailure(
      'Vault denies permission (403)',
      'The token is expired or its policy lacks read on this path: log in again (vault login) or set VAULT_TOKEN.',
    );
  if (status === 404)
    return new KmsFailure(
      'there is no such secret in Vault, or no such version of it (404)',
      'Check key, path and version of the store.',
    );
  return new KmsFailure(`Vault answered ${status}`, 'Check server, path and version of the store.');
}
