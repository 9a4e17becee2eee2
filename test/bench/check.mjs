import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ageKeyService, encrypt, parseKeyList, storeFor } from '@tidelock/core';
import { tidelock } from './example-values.mjs';
import { atMost, below, figure } from './figure.mjs';
import { compare, timeCommand } from './measure.mjs';

const CLEAN_OR_FINDINGS = [0, 1];
const FILES = 10_000;
const ENCRYPTED = 1_000;
const BYTES = 50 * 1024 * 1024;
/** A repository of configuration holds more than YAML. */
const ENDINGS = ['yaml', 'ts', 'md'];
const RECIPIENTS = [
  'age1kzdgk3ls7fpwe3k4zr6d8xctsxrq2kzh8600r9lxtdr430m3d45sten9va',
  'age1lzd99uklcjnc0e7d860axevet2cz99ce9pq6tzuzd05l5nr28ams36nvun',
];

/** 10,000 files, 50 MB, 1,000 of them encrypted: policy alone, and with plaintext. */
export async function* run(folder) {
  const cwd = join(folder, 'tree');
  await makeTree(cwd);
  const options = { cwd, accepted: CLEAN_OR_FINDINGS };
  const check = (...args) => timeCommand(tidelock('check', ...args), options);
  const policy = compare(
    {
      ours: () => check('--policy-only'),
      peer: () => timeCommand(['sops-check', '-c', '.sops-check.yaml', '.'], options),
    },
    { rounds: 5 },
  );
  yield figure('check, policy alone, 10,000 files', policy.ours, {
    against: 'sops-check',
    peer: policy.peer,
    goal: atMost(1),
  });
  const gitleaks = ['gitleaks', 'dir', '--no-banner', '--log-level=error', '.'];
  const all = compare(
    { ours: () => check(), peer: () => timeCommand(gitleaks, options) },
    { rounds: 3, seconds: 45 },
  );
  yield figure('check, policy and plaintext, 10,000 files', all.ours, {
    against: 'gitleaks dir',
    peer: all.peer,
    goal: below(1),
  });
}

async function makeTree(cwd) {
  const [recipient] = RECIPIENTS;
  write(
    cwd,
    '.sops.yaml',
    `creation_rules:\n  - path_regex: ^secrets/.*\\.yaml$\n    age: ${recipient}\n`,
  );
  write(cwd, '.sops-check.yaml', `rules:\n  - match: ${recipient}\n`);
  const environment = { env: {}, platform: 'linux', homeDir: '/', cwd: '/' };
  const services = [ageKeyService({ environment })];
  const keyGroups = [{ keys: parseKeyList('age', recipient, { createdAt: '' }) }];
  const store = storeFor('yaml');
  for (let i = 0; i < ENCRYPTED; i++) {
    const plain = store.parse(Buffer.from(secret(i)));
    const sealed = await encrypt(plain, {
      keyGroups,
      selection: null,
      macOnlyEncrypted: false,
      shamirThreshold: 0,
      services,
      now: new Date(),
      randomBytes,
    });
    write(cwd, `secrets/team${i % 40}/app${i}.yaml`, store.emit(sealed));
  }
  const each = Math.round(BYTES / (FILES - ENCRYPTED));
  for (let i = 0; i < FILES - ENCRYPTED; i++)
    write(cwd, `apps/team${i % 90}/app${i}.${ENDINGS[i % ENDINGS.length]}`, manifest(i, each));
}

const secret = (i) =>
  `${Array.from({ length: 20 }, (_, j) => `key${j}: value-${i}-${j}`).join('\n')}\n`;

function manifest(i, length) {
  const lines = [
    `apiVersion: apps/v1`,
    `kind: Deployment`,
    `metadata:`,
    `  name: app-${i}`,
    `spec:`,
  ];
  let size = 0;
  for (let j = 0; size < length; j++) {
    const text = `  setting_${j}: ${j % 3 === 0 ? `"image-${i}:v${j}"` : `plain words of a setting ${j}`}`;
    lines.push(text);
    size += text.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

function write(cwd, name, content) {
  const path = join(cwd, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
