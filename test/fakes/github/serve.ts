import { startFakeGithub } from './fake-github.ts';

/** A forge with the empty repository acme/shop, in a process of its own until its input ends. */
const github = await startFakeGithub();
const repository = github.addRepository('acme', 'shop');
const person = github.accounts.addToken('dana', 'user');
const bot = github.accounts.addToken('rotation-bot', 'app');
const cloneUrl = github.cloneUrl(repository, person);
process.stdout.write(`${JSON.stringify({ apiUrl: github.apiUrl, cloneUrl, person, bot })}\n`);
process.stdin.resume();
process.stdin.on('end', () => void github.close());
