import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptedFor, type Reader, reader, rules, Scene } from '../bot/scene.ts';
import { peer, run } from '../support/program.ts';

const PLAIN: Readonly<Record<string, string>> = {
  'prod/db.yaml': 'user: admin\npassword: not-a-real-one\n',
  'prod/db.json': '{\n\t"password": "not-a-real-one"\n}\n',
  'prod/.env': 'PASSWORD=not-a-real-one\n',
  'prod/db.ini': '[db]\npassword = not-a-real-one\n',
  'prod/key.bin': 'not-a-real-one',
};

const hasSops = peer('sops');

describe.skipIf(!hasSops)('what the bot merges, opened by the real sops', () => {
  let scene: Scene;
  let alice: Reader;
  let bob: Reader;
  let carol: Reader;

  beforeEach(async () => {
    scene = await Scene.start();
    [alice, bob, carol] = [reader(), reader(), reader()];
    for (const one of [alice, bob, carol]) writeFileSync(scene.identityFile(one), one.identity);
    const files: Record<string, string> = {
      '.sops.yaml': rules(['prod/', [scene.bot, alice, carol]]),
    };
    for (const [path, plain] of Object.entries(PLAIN))
      files[path] = await encryptedFor(path, plain, [scene.bot, alice, bob]);
    scene.person.commit('main', files);
  });

  afterEach(() => scene.stop());

  const open = (folder: string, path: string, who: Reader, flags: readonly string[] = []) =>
    run('sops', ['decrypt', ...flags, path], {
      cwd: folder,
      env: { ...scene.env, SOPS_AGE_KEY_FILE: scene.identityFile(who) },
    });

  it('opens for each planned recipient, and for no removed one', async () => {
    expect(await scene.run()).toMatchObject({ status: 0 });
    const before = scene.clone('before');
    for (const path of Object.keys(PLAIN)) {
      expect(open(before, path, bob).status).toBe(0);
      expect(open(before, path, carol).status).not.toBe(0);
    }
    scene.person.merge(scene.theRequest().number);
    const folder = scene.clone('merged');
    for (const path of Object.keys(PLAIN)) {
      for (const one of [scene.bot, alice, carol])
        expect([path, open(folder, path, one).stdout.trim()]).toEqual([
          path,
          open(before, path, alice).stdout.trim(),
        ]);
      expect(open(folder, path, bob).status).not.toBe(0);
    }
    // Bob kept what he could open before: the old data key opens nothing of the new file.
    const ofBob = ({ recipient }: { recipient: string }) => recipient === bob.recipient;
    const [old, now] = [before, folder].map((place) =>
      JSON.parse(readFileSync(join(place, 'prod/db.json'), 'utf8')),
    );
    now.sops.age.push(old.sops.age.find(ofBob));
    writeFileSync(join(folder, 'prod/db.json'), JSON.stringify(now));
    for (const flags of [[], ['--ignore-mac']])
      expect(open(folder, 'prod/db.json', bob, flags).status).not.toBe(0);
    expect(open(before, 'prod/db.json', bob).status).toBe(0);
    // Nobody else's data key: sops sees the recipients that the rule names.
    const status = run('sops', ['updatekeys', '--yes', 'prod/db.yaml'], {
      cwd: folder,
      env: scene.env,
    });
    expect(status.stderr).toContain('already up to date');
  });
});
