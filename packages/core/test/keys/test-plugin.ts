import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A plugin that works: its stanza holds the file key in the clear, xored with 0x55. `behaviour` makes
 * it misbehave: 'two' stanzas, 'silent', 'noise', 'huge', 'error', 'quits', 'talks'.
 */
const PROGRAM = `#!${process.execPath}
const readline = require('node:readline');
const behaviour = process.env.TEST_PLUGIN ?? '';
const mode = process.argv[2];
const lines = [];
let waiting = null;
let ended = false;
const input = readline.createInterface({ input: process.stdin });
const wake = () => { const f = waiting; waiting = null; f?.(); };
input.on('line', (line) => { lines.push(line); wake(); });
input.on('close', () => { ended = true; wake(); });
async function line() {
  while (lines.length === 0) {
    if (ended) process.exit(0);
    await new Promise((resolve) => { waiting = resolve; });
  }
  return lines.shift();
}
async function hear() {
  const args = (await line()).slice(3).split(' ');
  let body = '';
  for (;;) {
    const part = await line();
    body += part;
    if (part.length < 64) return { args, body: Buffer.from(body, 'base64') };
  }
}
function say(args, body = Buffer.alloc(0)) {
  const text = body.toString('base64').replace(/=+$/, '');
  let out = '-> ' + args.join(' ') + '\\n';
  for (let i = 0; i <= text.length; i += 64) out += text.slice(i, i + 64) + '\\n';
  process.stdout.write(out);
}
const flip = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x55));
async function ask(args, body) { say(args, body); return hear(); }
async function main() {
  if (behaviour === 'silent') { await hear(); await new Promise((r) => setTimeout(r, 60000)); }
  if (behaviour === 'quits') process.exit(1);
  if (behaviour === 'noise') { process.stdout.write('hello\\n'); return; }
  if (behaviour === 'huge') { process.stdout.write('-> ' + 'x'.repeat(2000000)); return; }
  const said = [];
  for (;;) {
    const stanza = await hear();
    if (stanza.args[0] === 'done') break;
    said.push(stanza);
  }
  if (behaviour === 'error') {
    const identity = said[0].args[1];
    await ask(['error', 'internal'], Buffer.from('no token: ' + identity));
    return;
  }
  const answers = [];
  if (behaviour === 'talks') {
    answers.push(await ask(['msg'], Buffer.from('touch it')));
    answers.push(await ask(['request-secret'], Buffer.from('PIN?')));
    answers.push(await ask(['confirm', 'eWVz', 'bm8'], Buffer.from('sure?')));
    answers.push(await ask(['newer-command'], Buffer.alloc(48)));
    const text = answers.map((a) => a.args.join(' ') + (a.body.length ? ':' + a.body : '')).join(',');
    if (text !== 'ok,ok:1234,ok yes,unsupported') { await ask(['error', 'internal'], Buffer.from('got ' + text)); return; }
  }
  if (mode === '--age-plugin=recipient-v1') {
    const key = said.find((s) => s.args[0] === 'wrap-file-key').body;
    for (let i = 0; i < (behaviour === 'two' ? 2 : 1); i++) await ask(['recipient-stanza', '0', 'test', 'arg'], flip(key));
  } else {
    for (const s of said) {
      if (s.args[0] === 'recipient-stanza' && s.args[2] === 'test') await ask(['file-key', '0'], flip(s.body));
    }
  }
  say(['done']);
}
main().then(() => process.stdin.destroy());
`;

/** Writes `age-plugin-NAME` into the folder and gives the folder back. */
export function installPlugin(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `age-plugin-${name}`);
  writeFileSync(file, PROGRAM);
  chmodSync(file, 0o755);
  return folder;
}
