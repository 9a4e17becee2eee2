import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../packages/cli/dist/tidelock.js', import.meta.url));
const BOT = fileURLToPath(
  new URL('../../packages/rotation-bot/dist/tidelock-rotate.js', import.meta.url),
);
const isTerminal = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const bold = (text) => (isTerminal ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (text) => (isTerminal ? `\u001b[2m${text}\u001b[0m` : text);

/** A temporary repository in which commands are run, shown and judged. */
export class Stage {
  failures = 0;
  #steps = 0;
  #print;
  #repository;
  #home;
  #forge = null;

  constructor(folder, print) {
    this.#print = print;
    this.#repository = join(folder, 'shop');
    this.#home = join(folder, 'home');
  }

  async prepareRepository() {
    await mkdir(this.#repository, { recursive: true });
    await mkdir(this.#home, { recursive: true });
    const quiet = { cwd: this.#repository, env: this.#env() };
    spawnSync('git', ['init', '-q', '-b', 'main'], quiet);
    spawnSync('git', ['config', 'user.name', 'Dana Developer'], quiet);
    spawnSync('git', ['config', 'user.email', 'dana@example.com'], quiet);
  }

  title(text) {
    this.#print(`\n${bold(`${++this.#steps}. ${text}`)}\n`);
  }

  tidelock(args, expected = {}) {
    this.#run('tidelock', [process.execPath, PROGRAM, ...args], args, this.#env(), expected);
  }

  git(args, expected = {}) {
    this.#run('git', ['git', ...args], args, this.#env(), expected);
  }

  /** The forge that the repository is pushed to. */
  connect(forge) {
    this.#forge = forge;
    const quiet = { cwd: this.#repository, env: this.#env() };
    spawnSync('git', ['remote', 'add', 'origin', forge.cloneUrl], quiet);
  }

  rotationBot(args, expected = {}) {
    const forge = { GITHUB_API_URL: this.#forge.apiUrl, TIDELOCK_TOKEN: this.#forge.bot };
    const env = { ...this.#env(), ...forge, TIDELOCK_ROTATE_PACE_MS: '0' };
    this.#run('tidelock-rotate', [process.execPath, BOT, ...args], args, env, expected);
  }

  /** An open pull request as its reviewer reads it. */
  async showRequest() {
    const [request] = await this.#forge.requests();
    if (request === undefined) return this.#fail('no request is open');
    const { number, title, user, head, body } = request;
    this.#print(`${dim(`# pull request #${number} by ${user.login}, branch ${head.ref}`)}\n`);
    this.#print(`${indent(`${bold(title)}\n\n${readable(body)}`)}\n`);
  }

  async mergeRequests() {
    for (const { number } of await this.#forge.requests()) {
      this.#print(`${dim(`# a reviewer merges #${number}`)}\n`);
      const { merged } = await this.#forge.merge(number);
      if (merged !== true) this.#fail('it was not merged');
    }
  }

  asColleague(args, expected = {}) {
    const env = {
      ...this.#env(),
      HOME: join(this.#home, 'colleague'),
      XDG_CONFIG_HOME: '',
      SOPS_AGE_KEY_FILE: join(this.#home, 'colleague.txt'),
    };
    this.#run('tidelock', [process.execPath, PROGRAM, ...args], args, env, expected);
  }

  async write(path, text) {
    const target = join(this.#repository, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    this.#print(`${dim('$')} cat > ${path}\n`);
  }

  async show(path, lines) {
    const text = await readFile(join(this.#repository, path), 'utf8');
    this.#print(
      `${dim('$')} head -${lines} ${path}\n${indent(shorten(text.split('\n').slice(0, lines).join('\n')))}\n`,
    );
  }

  /** A second person's key: the identity in a file of theirs, the recipient in every creation rule. */
  async addColleague() {
    const file = join(this.#home, 'colleague.txt');
    const made = spawnSync(process.execPath, [PROGRAM, 'keygen', '--output', file], {
      cwd: this.#repository,
      env: this.#env(),
      encoding: 'utf8',
    });
    const recipient = /age1[a-z0-9]+/.exec(made.stdout + made.stderr)?.[0];
    if (recipient === undefined) return this.#fail(`keygen printed no recipient: ${made.stderr}`);
    const config = join(this.#repository, '.sops.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace(/(age1[a-z0-9]+)/g, `$1,${recipient}`));
    this.#print(`${dim('$')} $EDITOR .sops.yaml   ${dim(`# adds ${recipient.slice(0, 16)}…`)}\n`);
  }

  /** The colleague's recipient goes out of every creation rule. */
  async removeColleague() {
    const key = await readFile(join(this.#home, 'colleague.txt'), 'utf8');
    const recipient = /age1[a-z0-9]+/.exec(key)?.[0] ?? '';
    const config = join(this.#repository, '.sops.yaml');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replaceAll(`,${recipient}`, ''));
    this.#print(
      `${dim('$')} $EDITOR .sops.yaml   ${dim(`# removes ${recipient.slice(0, 16)}…`)}\n`,
    );
  }

  close() {
    this.#print(
      this.failures === 0
        ? '\nEvery step went as it should.\n'
        : `\n${this.failures} steps did not go as they should.\n`,
    );
  }

  #run(name, [program, ...args], shown, env, expected) {
    this.#print(`${dim('$')} ${name} ${shown.map(quote).join(' ')}\n`);
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.#repository,
      env,
      encoding: 'utf8',
    });
    const output = `${stdout}${stderr}`.trimEnd();
    const text = expected.abbreviate === true ? shorten(output) : output;
    const lines = text.split('\n');
    const kept = expected.lines === undefined ? lines : lines.slice(0, expected.lines);
    if (text !== '') this.#print(`${indent(kept.join('\n'))}\n`);
    if (status !== (expected.status ?? 0))
      this.#fail(`exit ${status}, expected ${expected.status ?? 0}`);
    if (expected.says !== undefined && !output.includes(expected.says))
      this.#fail(`does not say: ${expected.says}`);
    if (expected.prints !== undefined && stdout !== expected.prints)
      this.#fail('printed something else');
  }

  #fail(why) {
    this.failures++;
    this.#print(`  ${bold(`✗ ${why}`)}\n`);
  }

  #env() {
    return {
      PATH: process.env.PATH,
      HOME: this.#home,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      SOPS_DISABLE_VERSION_CHECK: '1',
      NO_COLOR: '1',
    };
  }
}

/** Markdown as it is rendered, roughly: without entities and what is not shown. */
const readable = (markdown) =>
  shorten(
    markdown
      .replace(/<!--.*?-->/gs, '')
      .replace(/<\/?sub>/g, '')
      .replaceAll('<br>', '; ')
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
      .replace(/&lt;|&gt;|&amp;/g, (entity) => ({ '&lt;': '<', '&gt;': '>' })[entity] ?? '&')
      .trim(),
  );

const indent = (text) => text.replace(/^/gm, '  ');
const quote = (word) => (/^[\w./=,@-]+$/.test(word) ? word : `'${word}'`);
/** Tokens and keys in full would hide what happens. */
const shorten = (text) =>
  text
    .replace(/ENC\[AES256_GCM,data:([^,]{0,6})[^\]]*\]/g, 'ENC[AES256_GCM,data:$1…]')
    .replace(/(age1[a-z0-9]{10})[a-z0-9]+/g, '$1…');
