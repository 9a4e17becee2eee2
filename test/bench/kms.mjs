import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloudKeyServices, encrypt, nodeConnect, parseKeyList, storeFor } from '@tidelock/core';
import { line } from './core.mjs';
import { startFakeProcess } from './fake-process.mjs';
import { compare, timeCommand } from './measure.mjs';

const PROGRAM = fileURLToPath(new URL('../../packages/cli/dist/tidelock.js', import.meta.url));
const AGE_KEY = fileURLToPath(new URL('../vectors/age-key1.txt', import.meta.url));
const LATENCY_MS = 50;
const FILES = 1000;
/** sops takes 0.17 s a file, call after call: so many are timed, and the time is scaled. */
const SOPS_FILES = 40;
const OLD_KEY = 'arn:aws:kms:eu-west-1:123456789012:key/old';
const NEW_KEY = 'arn:aws:kms:eu-west-1:123456789012:key/new';

/** updatekeys against a KMS that answers in 50 ms: the same fake for sops and for us. */
export async function* run(folder) {
  const kms = { folder, file: 'aws-kms.ts', start: 'startAwsKms', latencyMs: LATENCY_MS };
  const fake = await startFakeProcess(kms);
  try {
    yield await measure(join(folder, 'kms'), fake.url);
  } finally {
    fake.stop();
  }
}

async function measure(tree, url) {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    SOPS_AGE_KEY_FILE: AGE_KEY,
    SOPS_DISABLE_VERSION_CHECK: '1',
    NODE_NO_WARNINGS: '1',
  };
  const names = Array.from({ length: FILES }, (_, i) => `f${i}.yaml`);
  const encrypted = await encryptAll(env);
  const timed = (command, count) => () => {
    const part = names.slice(0, count);
    rmSync(tree, { recursive: true, force: true });
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, '.sops.yaml'), `creation_rules:\n  - kms: ${NEW_KEY}\n`);
    for (const [i, name] of part.entries()) writeFileSync(join(tree, name), encrypted[i]);
    return timeCommand([...command, 'updatekeys', '-y', ...part], { env, cwd: tree });
  };
  const { ours, sops } = compare(
    {
      ours: timed([process.execPath, PROGRAM], FILES),
      sops: timed(['sops'], SOPS_FILES),
    },
    3,
  );
  return line('updatekeys, 1,000 files, KMS answering in 50 ms', ours, {
    against: `sops updatekeys, ${SOPS_FILES} files times ${FILES / SOPS_FILES}`,
    peer: sops * (FILES / SOPS_FILES),
    goal: '<= 0.1',
    reached: (ratio) => ratio <= 0.1,
  });
}

/** Each with a data key of its own, wrapped by the fake. */
function encryptAll(env) {
  // The client reads its endpoint and credentials from the environment of the process.
  Object.assign(process.env, env);
  const services = cloudKeyServices({
    environment: { env, homeDir: homedir() },
    connect: nodeConnect(() => import('node:http')),
  });
  const keyGroups = [{ keys: parseKeyList('kms', OLD_KEY, { createdAt: '' }) }];
  const now = new Date();
  const recipe = { services, keyGroups, now, selection: null, macOnlyEncrypted: false };
  const store = storeFor('yaml');
  return Promise.all(
    Array.from({ length: FILES }, async (_, i) => {
      const plain = store.parse(Buffer.from(`name: app${i}\npassword: example ${i}\n`));
      return store.emit(await encrypt(plain, { ...recipe, shamirThreshold: 0 }));
    }),
  );
}
