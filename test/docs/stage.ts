import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generateAgeIdentity } from '@tidelock/core';
import { cleanEnv, run } from '../support/program.ts';
import type { Tools } from './tools.ts';

/** `age1alice...` in a document is the recipient of an identity that is made for the run. */
const NAMED_RECIPIENT = /age1([a-z]+)\.\.\./g;

export interface Printed {
  readonly status: number;
  readonly lines: readonly string[];
}

/** A home and a repository `shop` in it, in which the commands of one document run, one after the other. */
export class Stage {
  readonly #root = mkdtempSync(join(tmpdir(), 'tidelock-docs-'));
  readonly #home = join(this.#root, 'home/you');
  readonly #state = join(this.#root, 'state');
  readonly #recipients = new Map<string, string>();
  #env: Record<string, string>;

  constructor(tools: Tools) {
    const bin = join(this.#root, 'bin');
    const repository = join(this.#home, 'shop');
    for (const folder of [bin, repository, join(this.#root, 'tmp')])
      mkdirSync(folder, { recursive: true });
    this.#env = {
      ...cleanEnv(this.#home),
      TMPDIR: join(this.#root, 'tmp'),
      EDITOR: 'true',
      ...tools.install(bin),
    };
    for (const args of [
      ['init', '-q', '-b', 'main'],
      ['config', 'user.name', 'You'],
      ['config', 'user.email', 'you@example.com'],
    ])
      run('git', args, { cwd: repository, env: this.#env });
    writeFileSync(this.#state, `cd '${repository}'\n`);
  }

  addEnvironment(env: Readonly<Record<string, string>>): void {
    this.#env = { ...this.#env, ...env };
  }

  /** Writes a file that the document shows, below the repository or, with `~/`, the home. */
  write(name: string, lines: readonly string[]): void {
    const path = name.startsWith('~/')
      ? join(this.#home, name.slice(2))
      : join(this.#home, 'shop', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.#withRecipients(`${lines.join('\n')}\n`));
  }

  /** Runs a command in the shell state that the one before left: folder, variables and `$?`. */
  async run(command: string): Promise<Printed> {
    const script = [
      `. '${this.#state}'`,
      '{',
      this.#withRecipients(command),
      '} 2>&1',
      'status=$?',
      `{ export -p; echo "cd '$PWD'"; echo "(exit $status)"; } > '${this.#state}'`,
      'exit $status',
    ].join('\n');
    const { status, output } = await shell(script, this.#env);
    const shown = this.#asShown(output).replace(/\n$/, '');
    return { status, lines: shown === '' ? [] : shown.split('\n') };
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #withRecipients(text: string): string {
    return text.replaceAll(NAMED_RECIPIENT, (_, name: string) => this.#recipientOf(name));
  }

  /** The identity of `you` is where sops looks for it; those of others lie in `~/keys`. */
  #recipientOf(name: string): string {
    const known = this.#recipients.get(name);
    if (known !== undefined) return known;
    const file = join(
      this.#home,
      name === 'you' ? '.config/sops/age/keys.txt' : `keys/${name}.txt`,
    );
    mkdirSync(dirname(file), { recursive: true });
    const { identity, recipient } = identityNamed(name);
    writeFileSync(file, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600 });
    this.#recipients.set(name, recipient);
    return recipient;
  }

  /** What differs from run to run, in a form that does not. */
  #asShown(output: string): string {
    // What a command prints of other commands is indented, so that it is not taken for one.
    let text = output.replaceAll(this.#root, '').replaceAll(/^\$ /gm, '  $ ');
    for (const [name, recipient] of this.#recipients)
      text = text.replaceAll(recipient, `age1${name}...`);
    return text
      .replaceAll(/\bage1[a-z0-9]{58}\b/g, 'age1...')
      .replaceAll(/\bage1[a-z0-9]+…/g, 'age1...')
      .replaceAll(/\bhttp:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:8200')
      .replaceAll(/\btidelock-demo-\w+/g, 'tidelock-demo')
      .replaceAll(/AGE-SECRET-KEY-1[A-Z0-9]+/g, 'AGE-SECRET-KEY-...')
      .replaceAll(/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:...')
      .replaceAll(/\bA[gQ][A-Za-z0-9+/]{200,}={0,2}/g, 'AgB...')
      .replaceAll(/valid until \d{4}-\d\d-\d\d/g, 'valid until ...')
      .replaceAll(/ENC\[AES256_GCM,[^\]]*\]/g, 'ENC[AES256_GCM,...]')
      .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, '...')
      .replaceAll(/\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64}\b/g, '...');
  }
}

/** The characters of bech32, as they are sorted. */
const SORTED_BECH32 = '023456789acdefghjklmnpqrstuvwxyz';

/** A new identity whose recipient sorts among others as its name does: documents show them sorted. */
function identityNamed(name: string): ReturnType<typeof generateAgeIdentity> {
  const first = SORTED_BECH32[name.charCodeAt(0) - 'a'.charCodeAt(0)];
  for (;;) {
    const made = generateAgeIdentity();
    if (made.recipient.charAt('age1'.length) === first) return made;
  }
}

function shell(
  script: string,
  env: Record<string, string>,
): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 128, output }));
  });
}
