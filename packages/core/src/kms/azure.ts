import type { AzureKeyVaultKey, MasterKey } from '../document/metadata.ts';
import type { KeyService } from '../keys/keyservice.ts';
import { azureKeyState } from './azure-key-state.ts';
import { type AzurePublicKey, azureKeyOf, wrapOffline } from './azure-public-key.ts';
import { type AzureTokenSource, createAzureTokenSource } from './azure-token.ts';
import { callServer, jsonAt, textAt } from './call.ts';
import {
  type CloudAdapter,
  type CloudCall,
  type CloudOptions,
  cloudCalls,
  cloudKeyService,
} from './cloud-key-service.ts';
import { errorName, KmsFailure, NoSuchKey } from './failure.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { type CloudKeyState, stateOrGone } from './key-state.ts';

export interface AzureOptions extends CloudOptions {
  /** @azure/identity's default credential unless given. */
  readonly accessToken?: AzureTokenSource;
  /** Hosts beyond Azure's own that may be asked, such as a private cloud's. */
  readonly trustedHosts?: readonly string[];
}

/** Azure Key Vault over REST (SOPS-FORMAT 6.1). */
export interface AzureKeyService extends KeyService {
  /**
   * The key with its current version, which sops stores at once (SOPS-FORMAT 6.2). Wrapping with it
   * then needs no further call: its public half is kept.
   * @throws TidelockError ERR_KEY_WRAP, ERR_KEY_SPEC
   */
  complete(key: MasterKey): Promise<MasterKey>;
  /** Of the version the key names, else of the current one. @throws TidelockError ERR_KEY_UNWRAP, ERR_KEY_SPEC */
  keyState(key: AzureKeyVaultKey): Promise<CloudKeyState>;
}

export function azureKeyService(options: AzureOptions): AzureKeyService {
  const known = new Map<string, AzurePublicKey>();
  const run: CloudCall = cloudCalls(options);
  const ask = azureClient(options);
  const adapter: CloudAdapter<AzureKeyVaultKey> = {
    type: 'azure_kv',
    async wrap(key, dataKey, signal) {
      if (key.version === '') {
        throw new KmsFailure(
          'the version of the key is not known',
          'Add it: <url>/keys/<name>/<version>.',
        );
      }
      const publicKey = known.get(idOf(key));
      if (publicKey !== undefined) return wrapOffline(publicKey, dataKey);
      const value = Buffer.from(dataKey).toString('base64url');
      const answer = await ask({ key, verb: 'encrypt', value, signal });
      return encOf(textAt(NAME, answer, ['value']));
    },
    async unwrap(key, signal) {
      const answer = await ask({ key, verb: 'decrypt', value: encOf(key.enc.trim()), signal });
      return Buffer.from(textAt(NAME, answer, ['value']), 'base64url');
    },
  };
  return {
    ...cloudKeyService(adapter, options),
    complete: async (key) => {
      if (key.type !== 'azure_kv' || key.version !== '') return key;
      return run(key, 'ERR_KEY_WRAP', async (signal) => {
        const found = azureKeyOf(
          key,
          jsonAt((await ask({ key, verb: null, signal })).body, ['key']),
        );
        if (found === null) throw new KmsFailure('this is not an RSA key of that vault', KEY_HINT);
        known.set(idOf(found.key), found.publicKey);
        return found.key;
      });
    },
    keyState: (key) =>
      run(key, 'ERR_KEY_UNWRAP', (signal) =>
        stateOrGone(
          ask({ key, verb: null, signal }).then(({ body }) => azureKeyState(body, Date.now())),
        ),
      ),
  };
}

const NAME = 'Azure Key Vault';
const API_VERSION = '7.4';
const ALGORITHM = 'RSA-OAEP-256';
const KEY_HINT =
  'Expected https://<vault>.vault.azure.net/keys/<name>/<version>; check it in .sops.yaml.';

interface AzureCall {
  readonly key: AzureKeyVaultKey;
  /** null reads the key. */
  readonly verb: 'encrypt' | 'decrypt' | null;
  readonly value?: string;
  readonly signal: AbortSignal;
}

function azureClient(options: AzureOptions): (call: AzureCall) => Promise<HttpResponse> {
  const accessToken = options.accessToken ?? createAzureTokenSource();
  const send = options.connect();
  const trusted = options.trustedHosts ?? [];
  return async ({ key, verb, value, signal }) => {
    const scope = scopeOf(key.vaultUrl, trusted);
    const headers = { authorization: `Bearer ${await accessToken(scope, signal)}` };
    const path = ['keys', key.name, key.version, verb ?? ''].filter((part) => part !== '');
    const url = `${key.vaultUrl}/${path.map(encodeURIComponent).join('/')}?api-version=${API_VERSION}`;
    const request: HttpRequest =
      verb === null
        ? { method: 'GET', url, headers }
        : {
            method: 'POST',
            url,
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify({ alg: ALGORITHM, value }),
          };
    const response = await callServer(NAME, request, { send, signal });
    if (response.status !== 200) throw refusal(response);
    return response;
  };
}

/** Azure's own clouds: a token for Key Vault goes nowhere else unless the caller trusts the host. */
const AZURE_DOMAINS = [
  'vault.azure.net',
  'vault.azure.cn',
  'vault.usgovcloudapi.net',
  'vault.microsoftazure.de',
  'managedhsm.azure.net',
  'managedhsm.azure.cn',
  'managedhsm.usgovcloudapi.net',
];

/** @throws KmsFailure when the host is not one of Azure's */
function scopeOf(vaultUrl: string, trusted: readonly string[]): string {
  const host = URL.canParse(vaultUrl) ? new URL(vaultUrl).host : '';
  const domain = AZURE_DOMAINS.find((name) => /^[a-z0-9-]+$/i.test(labelBefore(host, name)));
  if (domain !== undefined) return `https://${domain}/.default`;
  if (trusted.includes(host)) return `https://${AZURE_DOMAINS[0]}/.default`;
  throw new KmsFailure(
    'the vault is not at an address of Azure Key Vault: nothing was sent',
    'Check the vault URL; for a private cloud, trust its host by TIDELOCK_AZURE_TRUSTED_HOSTS.',
  );
}

function labelBefore(host: string, domain: string): string {
  return host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : '';
}

function idOf({ vaultUrl, name, version }: AzureKeyVaultKey): string {
  return `${vaultUrl}/keys/${name}/${version}`;
}

/** base64url without padding, as sops stores it. */
function encOf(text: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(text)) return text;
  throw new KmsFailure(
    'the wrapped key is not one of Azure Key Vault',
    'Restore the sops block from an earlier commit.',
  );
}

function refusal({ status, body }: HttpResponse): KmsFailure {
  const code =
    errorName(jsonAt(body, ['error', 'innererror', 'code'])) ??
    errorName(jsonAt(body, ['error', 'code'])) ??
    '';
  if (status === 401) {
    return new KmsFailure(
      'Azure Key Vault does not accept the access token (401)',
      'Run `az login`, or renew the credential.',
    );
  }
  if (/Disabled|NotYetValid|Expired/.test(code)) {
    return new KmsFailure(
      'the key version is disabled or expired',
      'Enable it, or use another master key.',
    );
  }
  if (status === 403) {
    const hint = 'Give this identity the role Key Vault Crypto User (encrypt, decrypt, get).';
    return new KmsFailure('Azure Key Vault denies permission (403)', hint);
  }
  if (status === 404 && code === 'KeyNotFound')
    return new NoSuchKey('Azure Key Vault knows no such key (404)', KEY_HINT);
  if (status === 400) {
    const hint =
      'It was wrapped by another key or version, or is damaged: restore it from an earlier commit.';
    return new KmsFailure('Azure Key Vault cannot use this key or wrapped key (400)', hint);
  }
  return new KmsFailure(`Azure Key Vault answered ${status}`, KEY_HINT);
}
