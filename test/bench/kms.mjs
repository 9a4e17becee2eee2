import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cloudKeyServices, encrypt, nodeConnect, parseKeyList, storeFor } from '@tidelock/core';
import { benchEnvironment, tidelock } from './example-values.mjs';
import { startFakeProcess } from './fake-process.mjs';
import { atMost, figure } from './figure.mjs';
import { compare, timeCommand } from './measure.mjs';

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
    ...benchEnvironment(),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
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
      ours: timed(tidelock(), FILES),
      sops: timed(['sops'], SOPS_FILES),
    },
    { rounds: 3 },
  );
  return figure('updatekeys, 1,000 files, KMS answering in 50 ms', ours, {
    against: `sops updatekeys, ${SOPS_FILES} files times ${FILES / SOPS_FILES}`,
    peer: sops instanceof Error ? sops : sops * (FILES / SOPS_FILES),
    goal: atMost(0.1),
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
