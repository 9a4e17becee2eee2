import { join } from 'node:path';
import { ageKeyService, decrypt, storeFor } from '@tidelock/core';
import { expect, it } from 'vitest';
import { makeRepository } from '../bench/plan.mjs';
import { botProgram } from '../bot/scene.ts';
import { testEnvironment } from '../support/in-process.ts';
import { repositoryRoot } from '../support/program.ts';
import { makeWorkspace } from '../support/workspace.ts';

const FILES = 10_000;
const DUE = FILES / 10;
const SHARDS = 8;
const GIBIBYTE = 2 ** 30;
const MEASURE = `--import=${join(repositoryRoot, 'test/bench/resource-usage.mjs')}`;

/** Bytes that the program held at most. */
const memoryOf = ({ stderr }: { readonly stderr: string }) =>
  Number(/used (\d+) /.exec(stderr)?.[1] ?? Number.NaN) * 1024;

/** The plan, and path, readers and values of every file that was rewritten. */
async function meaningOf(text: string, identity: string) {
  const [head = '', ...lines] = text.trim().split('\n');
  const environment = { ...testEnvironment, env: { SOPS_AGE_KEY: identity } };
  const services = [ageKeyService({ environment })];
  const store = storeFor('yaml');
  const files = new Map<string, string>();
  for (const line of lines) {
    const { path, contents } = JSON.parse(line) as { path: string; contents: string };
    const bytes = Buffer.from(contents, 'base64');
    const { document } = await decrypt(store.parse(bytes), { services });
    const readers = bytes.toString('utf8').match(/age1[a-z0-9]{58}/g);
    const values = Buffer.from(store.emit(document)).toString('utf8');
    files.set(path, JSON.stringify([readers, values]));
  }
  return { plan: JSON.parse(head).plan, files };
}

it(`plans and rewrites ${FILES} files with ${DUE} due under 1 GiB, and ${SHARDS} shards make the same`, async () => {
  const workspace = makeWorkspace();
  const identity = await makeRepository(workspace.folder, FILES);
  const rotate = (...args: readonly string[]) =>
    workspace.run(process.execPath, [MEASURE, botProgram, ...args], {
      env: { SOPS_AGE_KEY: identity },
    });
  const plan = rotate('plan', '--json');
  expect(plan.status).toBe(0);
  expect(memoryOf(plan)).toBeLessThan(GIBIBYTE);

  const whole = rotate('apply', '--shard', '0/1', '--out', 'whole.jsonl');
  expect(whole.stderr).toContain(`${DUE} files rewritten and proved`);
  expect(memoryOf(whole)).toBeLessThan(GIBIBYTE);

  const shards = Array.from({ length: SHARDS }, (_, i) => `shard-${i}.jsonl`);
  for (const [i, name] of shards.entries())
    expect(rotate('apply', '--shard', `${i}/${SHARDS}`, '--out', name).status).toBe(0);
  const merge = rotate('merge', ...shards, '--out', 'merged.jsonl');
  expect(merge.status).toBe(0);
  expect(memoryOf(merge)).toBeLessThan(GIBIBYTE);

  const merged = await meaningOf(workspace.read('merged.jsonl'), identity);
  expect(merged.plan).toEqual(JSON.parse(plan.stdout));
  expect(merged.files.size).toBe(DUE);
  const one = await meaningOf(workspace.read('whole.jsonl'), identity);
  expect(merged.files).toEqual(one.files);
}, 900_000);
