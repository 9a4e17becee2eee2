import { decrypt, encrypt, type KeyService, type MasterKey, storeFor } from '@tidelock/core';
import { expect } from 'vitest';
import { runBeside } from '../support/run-beside.ts';

const PLAIN = 'password: hunter2\nlist:\n    - 1\n    - two\n';

export interface BothWays {
  readonly service: KeyService;
  readonly key: MasterKey;
  /** How sops is told of the key: flag and value. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the real sops encrypts opens with ours, and the other way round. */
export async function expectBothWays({ service, key, flags, env }: BothWays): Promise<void> {
  const types = ['--input-type', 'yaml', '--output-type', 'yaml', '--filename-override', 'a.yaml'];
  const store = storeFor('yaml');

  const theirs = await runBeside('sops', ['encrypt', ...flags, ...types], { env, input: PLAIN });
  expect(theirs.stderr).toBe('');
  expect(theirs.status).toBe(0);
  const opened = await decrypt(store.parse(theirs.bytes), { services: [service] });
  expect(Buffer.from(store.emit(opened.document)).toString()).toBe(PLAIN);

  const ours = await encrypt(store.parse(Buffer.from(PLAIN)), {
    services: [service],
    keyGroups: [{ keys: [key] }],
    selection: null,
    macOnlyEncrypted: false,
    shamirThreshold: 0,
    now: new Date(),
  });
  const input = store.emit(ours);
  const back = await runBeside('sops', ['decrypt', ...types], { env, input });
  expect(back).toMatchObject({ status: 0, stdout: PLAIN, stderr: '' });
}
