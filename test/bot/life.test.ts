import { ageKeyService, decrypt, storeFor } from '@tidelock/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testEnvironment } from '../support/in-process.ts';
import { encryptedFor, type Reader, reader, rules, Scene } from './scene.ts';

let scene: Scene;
let alice: Reader;
let bob: Reader;

const SECRET = 'user: admin\npassword: not-a-real-one\n';
const FILES = ['prod/db.yaml', 'prod/mail.yaml'];

/** Two files that the bot, Alice and Bob read; the rule says the same. */
beforeEach(async () => {
  scene = await Scene.start();
  [alice, bob] = [reader(), reader()];
  const all = [scene.bot, alice, bob];
  const files: Record<string, string> = { '.sops.yaml': rules(['prod/', all]) };
  for (const path of FILES) files[path] = await encryptedFor(path, SECRET, all);
  scene.person.commit('main', { ...files, 'README.md': 'hello\n' });
});

afterEach(() => scene.stop());

const setReaders = (...readers: readonly Reader[]) =>
  scene.person.commit('main', { '.sops.yaml': rules(['prod/', readers]) }, 'Other readers');

async function opens(text: string, { identity }: Reader): Promise<boolean> {
  const environment = { ...testEnvironment, env: { SOPS_AGE_KEY: identity } };
  return decrypt(storeFor('yaml').parse(Buffer.from(text)), {
    services: [ageKeyService({ environment })],
  }).then(
    () => true,
    () => false,
  );
}

const readersOf = async (branch: string, path: string) => ({
  bot: await opens(scene.file(branch, path), scene.bot),
  alice: await opens(scene.file(branch, path), alice),
  bob: await opens(scene.file(branch, path), bob),
});

describe('the life of a request', () => {
  it('is opened when somebody leaves, and nothing more is written while nothing is new', async () => {
    setReaders(scene.bot, alice);
    const first = await scene.run();
    expect(first).toMatchObject({ status: 0 });
    const request = scene.theRequest();
    expect(first.stderr).toContain('opened');
    expect(request.author).toBe('rotator[bot]');
    expect(request.labels).toEqual(['tidelock']);
    for (const path of FILES) {
      expect(await readersOf(request.head, path)).toEqual({ bot: true, alice: true, bob: false });
      expect(request.body).toContain(path.replace('/', '&#47;').replace('.', '&#46;'));
    }
    expect(request.body).toContain('Values to change');
    expect(request.body).toContain('password');
    expect(scene.repository.git.branches('tidelock/rotate-build')).toEqual([]);

    const writes = await scene.writesOf(() => scene.run());
    expect(writes).toEqual([]);
    expect(scene.temporaryFiles).toEqual([]);
  });

  it('follows when somebody else joins', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    const { number, body } = scene.theRequest();
    const carol = reader();
    setReaders(scene.bot, alice, carol);
    await scene.run();
    expect(scene.theRequest().number).toBe(number);
    expect(scene.theRequest().body).not.toBe(body);
    for (const path of FILES) {
      expect(await opens(scene.file(scene.theRequest().head, path), carol)).toBe(true);
      expect(await opens(scene.file(scene.theRequest().head, path), bob)).toBe(false);
    }
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });

  it('is built anew when the base changes its files, and not when it changes others', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    scene.person.commit('main', { 'README.md': 'other\n' });
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
    const other = await encryptedFor('prod/db.yaml', 'user: new\n', [scene.bot, alice, bob]);
    scene.person.commit('main', { 'prod/db.yaml': other });
    const kept = scene.file(scene.theRequest().head, 'prod/mail.yaml');
    const { status } = await scene.run();
    expect(status).toBe(0);
    const { head, number } = scene.theRequest();
    expect(scene.file(head, 'prod/mail.yaml')).toBe(kept);
    expect(scene.file(head, 'prod/db.yaml')).not.toContain('password');
    expect(await readersOf(head, 'prod/db.yaml')).toEqual({ bot: true, alice: true, bob: false });
    scene.person.merge(number);
    expect(await readersOf('main', 'prod/db.yaml')).toMatchObject({ bob: false });
  });

  it('is left alone when a person changed the branch, and says so once', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    const request = scene.theRequest();
    const theirs = scene.person.commit(request.head, { 'README.md': 'by hand\n' });
    setReaders(scene.bot);
    await scene.run();
    expect(scene.repository.git.branch(request.head)).toBe(theirs);
    expect(request.comments).toHaveLength(1);
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
    expect(request.comments).toHaveLength(1);
  });

  it('stays closed when a person closed it, until the plan is another', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    const { number } = scene.theRequest();
    scene.person.close(number);
    const writes = await scene.writesOf(async () => {
      const { stderr, status } = await scene.run();
      expect(status).toBe(0);
      expect(stderr).toContain('closed by a person');
    });
    expect(writes).toEqual([]);
    setReaders(scene.bot);
    await scene.run();
    expect(scene.theRequest().number).toBeGreaterThan(number);
    expect(await readersOf(scene.theRequest().head, 'prod/db.yaml')).toMatchObject({
      alice: false,
    });
  });

  it('goes on when a person opens it again', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    const { number } = scene.theRequest();
    scene.person.close(number);
    await scene.run();
    scene.person.reopen(number);
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
    setReaders(scene.bot);
    await scene.run();
    expect(scene.theRequest().number).toBe(number);
    expect(await readersOf(scene.theRequest().head, 'prod/db.yaml')).toMatchObject({
      alice: false,
    });
  });

  it('ends with the merge: the branch goes, and nothing is due', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    const { number, head } = scene.theRequest();
    scene.person.merge(number);
    const { stdout, status } = await scene.run();
    expect(status).toBe(0);
    expect(scene.repository.git.branch(head)).toBeNull();
    expect(stdout).toContain('cleared away');
    expect(scene.open()).toEqual([]);
    const again = await scene.run();
    expect(again.stdout).toBe('Nothing is due.\n');
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });

  it('is closed and its branch deleted when it was done elsewhere', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    const request = scene.theRequest();
    setReaders(scene.bot, alice, bob);
    const { status } = await scene.run();
    expect(status).toBe(0);
    expect(request).toMatchObject({ state: 'closed', isMerged: false });
    expect(request.body).toContain('Closed by tidelock-rotate');
    expect(scene.repository.git.branch(request.head)).toBeNull();
    setReaders(scene.bot, alice);
    await scene.run();
    expect(scene.theRequest().number).toBeGreaterThan(request.number);
  });

  it('never touches what only looks like its own', async () => {
    setReaders(scene.bot, alice);
    await scene.run();
    const { body } = scene.theRequest();
    scene.person.commit('tidelock/rotate/main/rule-mine', { 'README.md': 'mine\n' });
    const mine = scene.repository.openPull({
      author: 'dana',
      head: 'tidelock/rotate/main/rule-mine',
      base: 'main',
      title: 'Mine',
      body,
    });
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
    expect(mine.state).toBe('open');
    expect(scene.repository.git.branch(mine.head)).not.toBeNull();
  });

  it('is one when two runs race', async () => {
    setReaders(scene.bot, alice);
    const both = await Promise.all([scene.run(), scene.run()]);
    expect(both.map(({ status, stderr }) => [status, stderr.includes('ERR_')])).toEqual([
      [0, false],
      [0, false],
    ]);
    expect(await readersOf(scene.theRequest().head, 'prod/db.yaml')).toMatchObject({ bob: false });
    expect(scene.repository.git.branches('tidelock/rotate-build')).toEqual([]);
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });
});
