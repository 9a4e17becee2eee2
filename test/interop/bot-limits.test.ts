import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptedFor, type Reader, reader, rules, Scene } from '../bot/scene.ts';

let scene: Scene;
let alice: Reader;
let bob: Reader;

const CANARY = 'canary-5a1f9e-not-a-real-one';
const SECRET = `user: admin\npassword: ${CANARY}\n`;

/** One file that Bob can read though the rule does not name him any more. */
beforeEach(async () => {
  scene = await Scene.start();
  [alice, bob] = [reader(), reader()];
  scene.person.commit('main', {
    '.sops.yaml': rules(['prod/', [scene.bot, alice]]),
    'prod/db.yaml': await encryptedFor('prod/db.yaml', SECRET, [scene.bot, alice, bob]),
  });
});

afterEach(() => scene.stop());

describe('limits', () => {
  /** A group for each of these folders. */
  async function folders(...names: readonly string[]) {
    const files: Record<string, string> = {
      '.sops.yaml': rules(
        ...names.map((name): [string, Reader[]] => [`^${name}/`, [scene.bot, alice]]),
      ),
      'prod/db.yaml': 'gone: true\n',
    };
    for (const name of names)
      files[`${name}/s.yaml`] = await encryptedFor(`${name}/s.yaml`, SECRET, [scene.bot, bob]);
    scene.person.commit('main', files);
  }

  it('holds requests back until others are merged', async () => {
    await folders('a', 'b', 'c');
    const { status, stderr } = await scene.run({ args: ['run', '--max-open', '2'] });
    expect(status).toBe(0);
    expect(scene.open()).toHaveLength(2);
    expect(stderr).toContain('as many are open as may be');
    const args = { args: ['run', '--max-open', '2'] };
    expect(await scene.writesOf(() => scene.run(args))).toEqual([]);
    scene.person.merge(scene.open()[0]?.number ?? 0);
    await scene.run(args);
    expect(scene.open()).toHaveLength(2);
  });

  it('takes the rest of a large group after the first part', async () => {
    const files: Record<string, string> = {};
    for (const name of ['x', 'y', 'z'])
      files[`prod/${name}.yaml`] = await encryptedFor(`${name}.yaml`, SECRET, [scene.bot, bob]);
    scene.person.commit('main', files);
    const args = { args: ['run', '--max-files', '3'] };
    await scene.run(args);
    const { body, number } = scene.theRequest();
    expect(body).toContain('1 file more');
    expect(await scene.writesOf(() => scene.run(args))).toEqual([]);
    scene.person.merge(number);
    await scene.run(args);
    expect(scene.theRequest().body).toContain('1 file rewritten');
  });

  it('leaves a request alone while it waits to be merged', async () => {
    await scene.run();
    const { number, head } = scene.theRequest();
    scene.repository.hasMergeQueue = true;
    scene.person.queue(number);
    const tip = scene.repository.git.branch(head);
    scene.person.commit('main', { '.sops.yaml': rules(['prod/', [scene.bot]]) });
    const { status, stderr } = await scene.run();
    expect(status).toBe(0);
    expect(stderr).toContain('waits to be merged');
    expect(scene.repository.git.branch(head)).toBe(tip);
  });

  it('fits into a request, however many files there are', async () => {
    const one = await encryptedFor('x.yaml', SECRET, [scene.bot, bob]);
    const files: Record<string, string> = {};
    for (let i = 0; i < 150; i++) files[`prod/${'folder'.repeat(20)}/${i}.yaml`] = one;
    scene.person.commit('main', files);
    expect(await scene.run()).toMatchObject({ status: 0 });
    const { body } = scene.theRequest();
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/and \d+ more files/);
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });
});

describe('a plan and results', () => {
  it('can be looked at before they are applied', async () => {
    const plan = await scene.run({ args: ['plan', '--json'] });
    const file = join(scene.folder, 'plan.json');
    writeFileSync(file, plan.stdout);
    expect(await scene.run({ args: ['apply', '--plan', file] })).toMatchObject({ status: 0 });
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });

  it('are refused once the base has changed what they are made of, and not for other changes', async () => {
    const plan = await scene.run({ args: ['plan', '--json'] });
    const file = join(scene.folder, 'plan.json');
    writeFileSync(file, plan.stdout);
    scene.person.commit('main', { '.sops.yaml': rules(['prod/', [scene.bot]]) });
    const late = await scene.run({ args: ['apply', '--plan', file] });
    expect(late.status).toBe(2);
    expect(late.stderr).toContain('has changed what the plan is made of');
    expect(scene.open()).toEqual([]);
    const next = await scene.run({ args: ['plan', '--json'] });
    writeFileSync(file, next.stdout);
    scene.person.commit('main', { 'README.md': 'other\n' });
    expect(await scene.run({ args: ['apply', '--plan', file] })).toMatchObject({ status: 0 });
    expect(scene.theRequest().body).toContain('1 file rewritten');
    writeFileSync(file, next.stdout.replace('recipient-removed', 'recipient-added'));
    expect(await scene.run({ args: ['apply', '--plan', file] })).toMatchObject({ status: 2 });
  });

  it('of shards make the one request, without a key', async () => {
    const results = ['0/2', '1/2'].map((shard) =>
      join(scene.folder, `${shard.replace('/', '-')}.jsonl`),
    );
    for (const [index, out] of results.entries())
      await scene.run({ args: ['apply', '--shard', `${index}/2`, '--out', out] });
    const merged = join(scene.folder, 'merged.jsonl');
    const noKey = { SOPS_AGE_KEY_FILE: '/nonexistent' };
    const merge = await scene.run({ args: ['merge', ...results, '--out', merged], env: noKey });
    expect(merge.status).toBe(0);
    const args = ['apply', '--results', merged];
    expect(await scene.run({ args, env: noKey })).toMatchObject({ status: 0 });
    expect(scene.theRequest().body).toContain('1 file rewritten');
    expect(await scene.writesOf(() => scene.run({ args, env: noKey }))).toEqual([]);
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });
});
