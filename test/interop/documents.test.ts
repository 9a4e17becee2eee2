import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Comment,
  decrypt,
  entriesOf,
  type Format,
  storeFor,
  TidelockError,
  tokenType,
  type Value,
  withOwnLineComments,
} from '@tidelock/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptText, parse, testServices } from '../support/in-process.ts';
import { dotenvTexts, INI_BOXES, iniTexts, jsonTexts } from '../support/other-documents.ts';
import { cleanEnv, peer, vector } from '../support/program.ts';
import { RECIPIENT_1 } from '../support/recipients.ts';
import { yamlTexts } from '../support/yaml-documents.ts';

const RUNS: Readonly<Record<string, number>> = { yaml: 320, json: 80, dotenv: 50, ini: 50 };
const CRLF_RUNS = 40;
const seed = Number(process.env.TIDELOCK_SEED ?? Math.floor(Math.random() * 2 ** 31));
const hasSops = peer('sops');

const EXTENSIONS: Readonly<Record<string, string>> = {
  yaml: 'yaml',
  json: 'json',
  dotenv: 'env',
  ini: 'ini',
};

interface SopsResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder = '';
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidelock-interop-'));
  mkdirSync(join(folder, 'home'));
  process.stderr.write(`interop documents: TIDELOCK_SEED=${seed}\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sops(args: readonly string[]): Promise<SopsResult> {
  return new Promise((resolve, reject) => {
    const env = { ...cleanEnv(join(folder, 'home')), SOPS_AGE_KEY_FILE: vector('age-key1.txt') };
    const child = spawn('sops', [...args], { cwd: folder, env });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({
        status: status ?? 1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      }),
    );
  });
}

function fileFor(format: string, text: string): string {
  const path = join(folder, `d${count++}.${EXTENSIONS[format]}`);
  writeFileSync(path, text);
  return path;
}

/** What a person gets in sops' own layout. */
async function decryptCanonically(format: Format, text: string): Promise<string> {
  const opened = await decrypt(parse(format, text), { services: testServices });
  return Buffer.from(storeFor(format).emitCanonical(withOwnLineComments(opened))).toString('utf8');
}

const WARNING = /Found possibly unencrypted comment in file/;

/** Comments, also those that sops cannot open in its own files and leaves as elements. */
function isComment(element: Value | Comment): boolean {
  if (element.kind !== 'leaf' || element.scalar.type !== 'str') return element.kind === 'comment';
  return tokenType(String(element.scalar.value)) === 'comment';
}

/** Keys and values in order, comments aside: sops loses some when it encrypts. */
function values(format: Format, text: string): unknown {
  const plain = (value: Value | Comment): unknown => {
    if (value.kind === 'leaf') return value.scalar;
    if (value.kind === 'comment') return null;
    if (value.kind === 'list')
      return value.elements.filter((element) => !isComment(element)).map(plain);
    return entriesOf(value).map((entry) => [entry.key, plain(entry.value)]);
  };
  return parse(format, text).branches.map(plain);
}

async function ourEncryption(format: Format, text: string): Promise<string | TidelockError> {
  try {
    return await encryptText(format, text);
  } catch (error) {
    if (error instanceof TidelockError) return error;
    throw error;
  }
}

interface Documents {
  readonly name: string;
  readonly format: Format;
  readonly texts: fc.Arbitrary<string>;
  readonly runs?: number;
}

/** Without comments that sops loses or turns into data: docs/differences.md. */
const keptComments = (text: string) => !/(^|\s)#\r?$|[{[] ?[}\]]\s*#/m.test(text);
const crlfTexts = yamlTexts({ newline: '\r\n' }).filter(keptComments);

const FORMATS: readonly Documents[] = [
  { name: 'yaml', format: 'yaml', texts: yamlTexts().filter(keptComments) },
  { name: 'yaml with CR LF', format: 'yaml', texts: crlfTexts, runs: CRLF_RUNS },
  { name: 'json', format: 'json', texts: jsonTexts() },
  { name: 'dotenv', format: 'dotenv', texts: dotenvTexts() },
  { name: 'ini', format: 'ini', texts: iniTexts() },
];

describe.skipIf(!hasSops).each(FORMATS)('$name documents', ({ format, texts, runs }) => {
  it('are read and written alike by sops', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const plain = fileFor(format, text);
        const [theirs, ours] = await Promise.all([
          sops(['encrypt', '--age', RECIPIENT_1, plain]),
          ourEncryption(format, text),
        ]);
        if (theirs.status !== 0 || ours instanceof TidelockError) {
          expect({ text, theirs: theirs.stderr, refused: theirs.status !== 0 }).toEqual({
            text,
            theirs: theirs.stderr,
            refused: ours instanceof TidelockError,
          });
          return;
        }
        const [theirsByThem, oursByThem] = await Promise.all([
          sops(['decrypt', fileFor(format, theirs.stdout)]),
          sops(['decrypt', fileFor(format, ours)]),
        ]);
        const [theirsByUs, oursByUs] = [
          await decryptCanonically(format, theirs.stdout),
          await decryptCanonically(format, ours),
        ];
        const complaints = oursByThem.stderr
          .split('\n')
          .filter((line) => line !== '' && !WARNING.test(line));
        expect({ text, complaints, status: oursByThem.status }).toEqual({
          text,
          complaints: [],
          status: 0,
        });
        expect(values(format, theirsByUs)).toEqual(values(format, theirsByThem.stdout));
        expect(values(format, oursByUs)).toEqual(values(format, oursByThem.stdout));
        expect(values(format, oursByThem.stdout)).toEqual(values(format, theirsByThem.stdout));
      }),
      { numRuns: runs ?? RUNS[format] ?? 50, seed },
    );
  });
});

describe.skipIf(!hasSops)('comments of INI whose first line holds nothing but marks', () => {
  it.each(INI_BOXES)('%j above a section and a key: sops opens what we wrote', async (comment) => {
    const text = `${comment}\n[section]\n${comment}\nkey = value ; behind\n`;
    const { status, stdout, stderr } = await sops([
      'decrypt',
      fileFor('ini', await encryptText('ini', text)),
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(values('ini', stdout)).toEqual(values('ini', text));
  });
});
