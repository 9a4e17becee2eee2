import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptedFor, type Reader, reader, rules, Scene } from './scene.ts';

let scene: Scene;
let bob: Reader;
let file: string;

/** A file that Bob can read though the rule does not name him any more. */
beforeEach(async () => {
  scene = await Scene.start();
  bob = reader();
  file = await encryptedFor('db.yaml', 'password: x\n', [scene.bot, bob]);
  scene.person.commit('main', { '.sops.yaml': rules(['', [scene.bot]]), 'prod/db.yaml': file });
});

afterEach(() => scene.stop());

describe('a base', () => {
  it.each(["release/1.x-é'#%", 'rel.lock-x/-', `v${'9'.repeat(200)}`])(
    'called %s is served as any other',
    async (base) => {
      const { git } = scene.repository;
      const tip = git.branch('main') ?? '';
      git.updateRefs([{ name: `refs/heads/${base}`, before: null, after: tip }]);
      const options = { args: ['run', '--base', base] };
      expect(await scene.run(options)).toMatchObject({ status: 0 });
      const request = scene.theRequest();
      expect(request).toMatchObject({ base });
      expect(await scene.writesOf(() => scene.run(options))).toEqual([]);
      // Another base, another request.
      expect(await scene.run()).toMatchObject({ status: 0 });
      expect(scene.open()).toHaveLength(2);
      expect(await scene.writesOf(() => scene.run(options))).toEqual([]);
    },
  );

  it('that is not there is named', async () => {
    for (const base of ['nowhere', 'a..b', '\u001b[31m']) {
      const { status, stderr } = await scene.run({ args: ['run', '--base', base] });
      expect(status).toBe(2);
      expect(stderr).toContain('there is no branch');
      expect(stderr).not.toContain('\u001b');
    }
  });
});

describe('the token', () => {
  it.each(['user', 'app'] as const)('of a %s serves the whole life of a request', async (kind) => {
    const token = scene.github.accounts.addToken('somebody', kind);
    const options = { env: { TIDELOCK_TOKEN: token } };
    expect(await scene.run(options)).toMatchObject({ status: 0 });
    const { number, head, author } = scene.theRequest();
    expect(author).toBe(kind === 'user' ? 'somebody' : 'somebody[bot]');
    expect(await scene.writesOf(() => scene.run(options))).toEqual([]);
    scene.person.commit('main', { '.sops.yaml': rules(['', [scene.bot, reader()]]) });
    expect(await scene.run(options)).toMatchObject({ status: 0 });
    expect(scene.theRequest().number).toBe(number);
    scene.person.merge(number);
    expect(await scene.run(options)).toMatchObject({ status: 0 });
    expect(scene.repository.git.branch(head)).toBeNull();
  });

  it('of somebody else finds the request of another, and says so', async () => {
    await scene.run();
    const token = scene.github.accounts.addToken('somebody', 'user');
    const writes = await scene.writesOf(async () => {
      const { status, stderr } = await scene.run({ env: { TIDELOCK_TOKEN: token } });
      expect(status).toBe(2);
      expect(stderr).toContain('somebody else opened it');
    });
    expect(writes).toEqual([]);
  });
});

describe('files that the forge cannot be told of', () => {
  it('are left out by name, and the rest goes on', async () => {
    const { git } = scene.repository;
    scene.person.commit('main', { '.github/workflows/secrets.yaml': file });
    const head = git.branch('main') ?? '';
    const record = Buffer.from(
      `100644 blob ${git.writeBlob(Buffer.from(file))}\tb\u00ff.yaml\0`,
      'latin1',
    );
    const entries = Buffer.concat([Buffer.from(git.git(['ls-tree', '-z', head])), record]);
    const tree = git.git(['mktree', '-z'], { input: entries }).trim();
    const dana = { name: 'dana', email: 'dana@example.com' };
    const made = git.commitTree(tree, [head], { message: 'Odd', author: dana, committer: dana });
    git.updateRefs([{ name: 'refs/heads/main', before: head, after: made }]);
    const { status, stderr } = await scene.run();
    expect(status).toBe(3);
    expect(stderr).toContain('left out b\\xFF.yaml: its name is not text');
    expect(stderr).toContain('left out .github/workflows/secrets.yaml: the bot may not write');
    const branch = scene.theRequest().head;
    expect(git.git(['diff', '--name-only', 'main', branch])).toBe('prod/db.yaml\n');
    expect(scene.theRequest().body).toContain('1 file rewritten');
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });
});
