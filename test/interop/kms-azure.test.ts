import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AzureKeyVaultKey } from '@tidelock/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azureKeyService } from '../../packages/core/src/kms/azure.ts';
import { cloudOptions, connect } from '../../packages/core/test/kms/cloud-ports.ts';
import { type AzureKeyVaultFake, startAzureKeyVault } from '../fakes/azure-key-vault.ts';
import { cleanEnv, peer, repositoryRoot, run } from '../support/program.ts';
import { runBeside } from '../support/run-beside.ts';

const SDK = '@azure/keyvault-keys';

function sdkPath(): string | null {
  try {
    return createRequire(join(repositoryRoot, 'x.js')).resolve(SDK);
  } catch {
    process.stderr.write(`skipped: ${SDK} is not installed\n`);
    return null;
  }
}

/** Wraps or unwraps by Azure's own client, in a process that trusts the fake's certificate. */
const CLIENT = `
const { CryptographyClient } = require(process.argv[1]);
const [, , kid, verb, value] = process.argv;
const credential = { getToken: async () => ({ token: process.env.TOKEN, expiresOnTimestamp: Date.now() + 3e6 }) };
const client = new CryptographyClient(kid, credential, { disableChallengeResourceVerification: true });
const bytes = Buffer.from(value, 'base64url');
const answer = verb === 'encrypt'
  ? client.encrypt({ algorithm: 'RSA-OAEP-256', plaintext: bytes })
  : client.decrypt({ algorithm: 'RSA-OAEP-256', ciphertext: bytes });
answer.then(({ result }) => process.stdout.write(Buffer.from(result).toString('base64url')));
`;

const sdk = sdkPath();

describe.skipIf(sdk === null || !peer('openssl'))(
  'Azure Key Vault, with the official client',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidelock-azure-'));
    const certificate = join(folder, 'cert.pem');
    let fake: AzureKeyVaultFake;
    let key: AzureKeyVaultKey;

    beforeAll(async () => {
      const keyFile = join(folder, 'key.pem');
      const made = run('openssl', [
        ...[
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '1',
          '-subj',
          '/CN=127.0.0.1',
        ],
        ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certificate],
      ]);
      expect(made.status).toBe(0);
      const tls = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certificate, 'utf8') };
      fake = await startAzureKeyVault({ tls });
      const version = fake.rotate('prod');
      const none = { enc: '', createdAt: '' };
      key = { type: 'azure_kv', vaultUrl: fake.url, name: 'prod', version, ...none };
    });
    afterAll(async () => {
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const official = async (verb: string, value: string): Promise<string> => {
      const kid = `${key.vaultUrl}/keys/${key.name}/${key.version}`;
      const env = { ...cleanEnv(folder), NODE_EXTRA_CA_CERTS: certificate, TOKEN: fake.token };
      const args = ['-e', CLIENT, sdk ?? '', kid, verb, value];
      const outcome = await runBeside(process.execPath, args, { env });
      expect(outcome.stderr.replace(/\(node:[\s\S]*/, '')).toBe('');
      return outcome.stdout;
    };
    const service = () => {
      const ca = readFileSync(certificate, 'utf8');
      return azureKeyService({
        ...cloudOptions({}, { connect: () => connect({ ca }) }),
        accessToken: async () => fake.token,
        trustedHosts: [new URL(fake.url).host],
      });
    };

    it('opens what ours wrapped', async () => {
      const dataKey = randomBytes(32);
      const enc = await service().wrap(key, dataKey);
      expect(await official('decrypt', enc)).toBe(dataKey.toString('base64url'));
    });

    it('wraps what ours opens', async () => {
      const dataKey = randomBytes(32);
      const enc = await official('encrypt', dataKey.toString('base64url'));
      expect(Buffer.from((await service().unwrap({ ...key, enc })) ?? [])).toEqual(dataKey);
    });
  },
);
