import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startForge } from './forge.mjs';
import { Stage } from './stage.mjs';

/** `lastmodified` counts seconds: a change in the same one would show another diff. */
const nextSecond = () => new Promise((done) => setTimeout(done, 1010 - (Date.now() % 1000)));

const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: database
  namespace: shop
# rotated by the platform team
type: Opaque
stringData:
  username: shop
  password: "correct horse battery staple"   # read by the api
  options: {sslmode: require, pool: 10}
`;

const DOTENV = `# local services
DATABASE_URL=postgres://shop:hunter2-demo@localhost/shop
STRIPE_MODE=test
`;

/**
 * The main job from start to end on real input: a temporary repository, real Git, a real age key.
 * @param {(text: string) => void} print
 * @returns {Promise<number>} 0 when every step went as it should
 */
export async function runDemo(print) {
  const folder = await mkdtemp(join(tmpdir(), 'tidelock-demo-'));
  try {
    const stage = new Stage(folder, print);
    await play(stage);
    const forge = await startForge();
    try {
      stage.connect(forge);
      await playRotation(stage);
    } finally {
      await forge.stop();
    }
    stage.close();
    return stage.failures === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {Stage} stage */
async function play(stage) {
  await stage.prepareRepository();

  stage.title('A repository gets its key, its creation rules and its hook');
  await stage.tidelock(['init', '--local', '--yes']);
  await stage.git(['add', '-A']);
  await stage.git(['commit', '-q', '-m', 'Keep secrets encrypted']);

  stage.title('A plaintext secret is staged: Git refuses the commit');
  await stage.write('clusters/dev/database.secret.yaml', SECRET);
  await stage.git(['add', '-A']);
  await stage.git(['commit', '-m', 'Add the database password'], {
    status: 1,
    says: 'tidelock encrypt -i',
  });

  stage.title('Encrypted, the commit is accepted');
  await stage.tidelock(['encrypt', '-i', 'clusters/dev/database.secret.yaml']);
  await stage.show('clusters/dev/database.secret.yaml', 12);
  await stage.git(['add', '-A']);
  await stage.git(['commit', '-q', '-m', 'Add the database password, encrypted']);

  stage.title('One value changes: so does one line, with lastmodified and the MAC');
  await nextSecond();
  await stage.tidelock([
    'set',
    'clusters/dev/database.secret.yaml',
    '["stringData"]["password"]',
    '"a new one for the demo"',
  ]);
  await stage.git(['diff', '--stat']);
  await stage.git(['diff', '-U0', '--no-color'], { abbreviate: true, lines: 12 });
  await stage.git(['commit', '-qam', 'Change the password']);

  stage.title('A colleague joins: one recipient is added to every file');
  await stage.write('.env', DOTENV);
  await stage.tidelock(['encrypt', '-i', '.env']);
  await stage.addColleague();
  await stage.tidelock(['updatekeys', '--yes', '.']);
  await stage.tidelock(['inspect', '--json', '.env', 'clusters/dev/database.secret.yaml'], {
    abbreviate: true,
  });
  await stage.git(['add', '-A']);
  await stage.git(['commit', '-q', '-m', 'Let a colleague read']);

  stage.title('The colleague decrypts: every byte that was not a changed value is back');
  await stage.asColleague(['decrypt', 'clusters/dev/database.secret.yaml'], {
    prints: SECRET.replace('correct horse battery staple', 'a new one for the demo'),
  });
  await stage.asColleague(['decrypt', '.env'], { prints: DOTENV });
}

/** @param {Stage} stage on a forge */
async function playRotation(stage) {
  const secret = 'clusters/dev/database.secret.yaml';

  stage.title('The colleague leaves: their key goes out of .sops.yaml');
  await stage.removeColleague();
  await stage.git(['commit', '-qam', 'A colleague leaves']);
  await stage.git(['push', '-q', 'origin', 'main']);
  await stage.rotationBot(['plan', '--check'], { status: 1, abbreviate: true });

  stage.title('The rotation bot proves new files and opens pull requests');
  await stage.rotationBot(['run'], { says: 'opened', abbreviate: true });
  await stage.showRequest();

  stage.title('Nothing is new: the bot writes nothing');
  await stage.rotationBot(['run'], { says: 'as it should be', abbreviate: true });

  stage.title('Reviewed and merged: who left can no longer decrypt, everybody else can');
  await stage.mergeRequests();
  await stage.git(['pull', '-q', '--ff-only', 'origin', 'main']);
  await stage.asColleague(['decrypt', secret], { status: 128, abbreviate: true, lines: 2 });
  await stage.tidelock(['decrypt', '.env'], { prints: DOTENV });
  await stage.rotationBot(['run'], { says: 'cleared away', abbreviate: true });
}
