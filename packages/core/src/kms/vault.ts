import { fromBase64, toBase64 } from '../bytes.ts';
import type { VaultKey } from '../document/metadata.ts';
import type { KeyService } from '../keys/keyservice.ts';
import { vaultPlace } from './allow-list.ts';
import { jsonAt, textAt } from './call.ts';
import {
  type CloudAdapter,
  type CloudOptions,
  cloudCalls,
  cloudKeyService,
} from './cloud-key-service.ts';
import { KmsFailure, NoSuchKey } from './failure.ts';
import type { HttpResponse } from './http.ts';
import { type CloudKeyState, stateOrGone } from './key-state.ts';
import { vaultKeyState } from './vault-key-state.ts';
import { createVaultSession, VAULT_NAME, type VaultSession } from './vault-session.ts';
import { vaultKeyVersion } from './vault-version.ts';

/** Vault and OpenBao transit (SOPS-FORMAT 6.1, 6.5). */
export interface VaultKeyService extends KeyService {
  /** With its versions. @throws TidelockError ERR_KEY_UNWRAP, ERR_KEY_SPEC */
  keyState(key: VaultKey): Promise<CloudKeyState>;
  /** `enc` under the newest version; the data key stays within Vault. @throws TidelockError ERR_KEY_WRAP */
  rewrap(key: VaultKey): Promise<string>;
}

export function vaultKeyService(options: CloudOptions): VaultKeyService {
  const { environment, connect, allowList } = options;
  const session = createVaultSession(
    environment,
    connect,
    (vaultAddress) => allowList?.permits(vaultPlace(vaultAddress)) === true,
  );
  const run = cloudCalls(options);
  const ask = (request: VaultCall) => sendToVault(request, session);
  const adapter: CloudAdapter<VaultKey> = {
    type: 'hc_vault',
    async wrap(key, dataKey, signal) {
      const body = { plaintext: toBase64(dataKey) };
      return wrapped(await ask({ key, verb: 'encrypt', body, signal }));
    },
    async unwrap(key, signal) {
      requireVaultToken(key.enc);
      const answer = await ask({
        key,
        verb: 'decrypt',
        body: { ciphertext: key.enc.trim() },
        signal,
      });
      const dataKey = fromBase64(textAt(NAME, answer, ['data', 'plaintext']));
      if (dataKey !== null) return dataKey;
      throw new KmsFailure(`the answer of ${NAME} is not base64`, ADDRESS_HINT);
    },
  };
  return {
    ...cloudKeyService(adapter, options),
    keyState: (key) =>
      run(key, 'ERR_KEY_UNWRAP', (signal) =>
        stateOrGone(ask({ key, verb: 'keys', signal }).then(({ body }) => vaultKeyState(body))),
      ),
    rewrap: (key) =>
      run(key, 'ERR_KEY_WRAP', async (signal) => {
        requireVaultToken(key.enc);
        const body = { ciphertext: key.enc.trim() };
        return wrapped(await ask({ key, verb: 'rewrap', body, signal }));
      }),
  };
}

const NAME = VAULT_NAME;
const ADDRESS_HINT = 'Check the address, the engine path and the name of the key.';

interface VaultCall {
  readonly key: VaultKey;
  readonly verb: 'encrypt' | 'decrypt' | 'rewrap' | 'keys';
  readonly body?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function sendToVault(
  { key, verb, body, signal }: VaultCall,
  session: VaultSession,
): Promise<HttpResponse> {
  const response = await session.ask({
    vaultAddress: key.vaultAddress,
    path: `${key.enginePath}/${verb}/${key.keyName}`,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
  if (response.status !== 200) throw refusal(response, verb);
  return response;
}

function wrapped(answer: HttpResponse): string {
  const enc = textAt(NAME, answer, ['data', 'ciphertext']);
  requireVaultToken(enc);
  return enc;
}

function requireVaultToken(enc: string): void {
  if (vaultKeyVersion(enc) !== null) return;
  throw new KmsFailure(
    'the wrapped key is not one of Vault transit (vault:vN:...)',
    'Restore the sops block from an earlier commit.',
  );
}

function refusal({ status, body }: HttpResponse, verb: string): KmsFailure {
  const said = JSON.stringify(jsonAt(body, ['errors']) ?? '');
  if (status === 403) {
    const right = verb === 'keys' ? 'read' : 'update';
    const hint = `The token is expired or its policy lacks ${right} on ${verb}: log in again (vault login) or set VAULT_TOKEN; a namespace goes in VAULT_NAMESPACE.`;
    return new KmsFailure('Vault denies permission (403)', hint);
  }
  if (status === 404 && Array.isArray(jsonAt(body, ['errors'])))
    return new NoSuchKey('Vault knows no such engine or key (404)', ADDRESS_HINT);
  if (/encryption key not found/.test(said))
    return new NoSuchKey('Vault knows no such key', ADDRESS_HINT);
  if (/disallowed by policy|too old/.test(said)) {
    const hint = 'Lower min_decryption_version of the key, or decrypt with another master key.';
    return new KmsFailure('Vault no longer opens this key version', hint);
  }
  if (/message authentication failed|invalid ciphertext/.test(said)) {
    const hint = 'It was wrapped by another key or is damaged: restore it from an earlier commit.';
    return new KmsFailure('Vault cannot open this wrapped key', hint);
  }
  return new KmsFailure(`Vault answered ${status}`, ADDRESS_HINT);
}
