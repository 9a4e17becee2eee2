import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encryptedFor, type Reader, reader, rules, Scene } from '../bot/scene.ts';

const KILLS = 50;
const SEED = Number(process.env.PROPERTY_SEED) || 20_261_124;
const PATHS = Array.from({ length: 5 }, (_, i) => `prod/${i}.yaml`);

let scene: Scene;
let bob: Reader;

beforeEach(async () => {
  scene = await Scene.start();
  bob = reader();
});

afterEach(() => scene.stop());

/** The same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Old state or new state: every file of an open request is the one or all are the other. */
function isWhole(branch: string, old: Readonly<Record<string, string>>): boolean {
  const changed = PATHS.filter((path) => scene.file(branch, path) !== old[path]);
  return changed.length === PATHS.length;
}

it(`survives ${KILLS} kills at random moments: no open request is ever half-written`, async () => {
  const next = numbers(SEED);
  let readers = [scene.bot, bob];
  const files: Record<string, string> = {};
  for (const path of PATHS) files[path] = await encryptedFor(path, 'password: x\n', readers);
  scene.person.commit('main', files);
  let killed = 0;
  for (let round = 0; killed < KILLS; round++) {
    // Every third round something new is due, so that requests are both made and changed.
    if (round % 3 === 0) {
      readers = [scene.bot, reader()];
      scene.person.commit('main', { '.sops.yaml': rules(['prod/', readers]) });
    }
    const started: ChildProcess[] = [];
    const at = 1 + Math.floor(next() * 14);
    const phase = next() < 0.5 ? 'before' : 'after';
    let seen = 0;
    scene.github.watch = async (_, when) => {
      if (when !== phase || ++seen !== at) return;
      await new Promise((resolve) => setTimeout(resolve, next() * 20));
      for (const child of started) child.kill('SIGKILL');
    };
    const { signal } = await scene.run({ onStart: (child) => void started.push(child) });
    scene.github.watch = null;
    if (signal === 'SIGKILL') killed++;
    expect(scene.open().length).toBeLessThanOrEqual(1);
    for (const { head } of scene.open()) expect(isWhole(head, files)).toBe(true);
  }
  const { status, stderr } = await scene.run();
  expect([status, stderr.includes('ERR_')]).toEqual([0, false]);
  const { head, body } = scene.theRequest();
  expect(isWhole(head, files)).toBe(true);
  expect(body).toContain('5 files rewritten');
  expect(scene.repository.git.branches('').map(({ name }) => name)).toEqual(['main', head]);
  expect(await scene.writesOf(() => scene.run())).toEqual([]);
  expect(scene.temporaryFiles).toEqual([]);
}, 600_000);
