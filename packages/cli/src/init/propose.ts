import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { generateAgeIdentity, parseKeyList, rfc3339Seconds } from '@tidelock/core';
import { openRepository } from '@tidelock/git';
import { installHooks } from '@tidelock/pre-commit';
import { CommandError } from '../command-error.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Ports } from '../ports.ts';
import { creationRulesText } from './creation-rules.ts';
import { keysFilePath } from './keys-file.ts';

export interface ProposedFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

export interface Proposal {
  readonly files: readonly ProposedFile[];
  readonly installsHook: boolean;
  /** A new identity to append to the user's keys file. */
  readonly identity: {
    readonly file: string;
    readonly recipient: string;
    readonly secret: string;
  } | null;
}

export interface ProposalRequest {
  readonly ports: Ports;
  readonly isLocal: boolean;
  readonly recipients: readonly string[];
}

/** What is missing in a repository; nothing is written yet. */
export async function propose(repository: string, request: ProposalRequest): Promise<Proposal> {
  const { ports, isLocal, recipients } = request;
  const installsHook = !(await isHooked(repository));
  if (existsSync(join(repository, '.sops.yaml')))
    return { files: [], installsHook, identity: null };
  for (const list of recipients)
    parseKeyList('age', list, { createdAt: rfc3339Seconds(ports.now()) });
  if (recipients.length === 0 && !isLocal) {
    throw new CommandError(
      'ERR_USAGE',
      1,
      'nobody is named who could read the files',
      'Name recipients (--age age1...), or make a local key for a test environment (--local).',
    );
  }
  const identity = isLocal ? await localIdentity(ports) : null;
  const everybody = [
    ...recipients.flatMap((list) => list.split(',')),
    ...(identity === null ? [] : [identity.recipient]),
  ];
  return {
    files: [{ path: '.sops.yaml', text: creationRulesText(everybody) }],
    installsHook,
    identity,
  };
}

/** The first identity of the user's keys file, or a new one to put there. */
async function localIdentity(ports: Ports): Promise<Proposal['identity']> {
  const file = keysFilePath(ports);
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const known = /^# public key: (age1[a-z0-9]+)$/m.exec(text)?.[1];
  if (known !== undefined) return { file, recipient: known, secret: '' };
  const { identity, recipient } = generateAgeIdentity();
  return { file, recipient, secret: identity };
}

async function isHooked(repository: string): Promise<boolean> {
  const hook = join(repository, '.git/hooks/pre-commit');
  return existsSync(hook) && (await readFile(hook, 'utf8')).includes('tidelock');
}

export function describeProposal({ files, installsHook, identity }: Proposal): string {
  if (files.length === 0 && !installsHook)
    return 'Nothing to do: .sops.yaml and the hook are in place.\n';
  const parts: string[] = [];
  if (identity !== null && identity.secret !== '')
    parts.push(
      `A local age key is made in ${identity.file} (for test environments; never for production).\n`,
    );
  for (const { path, text } of files) parts.push(`+++ ${path}\n${text.replace(/^(?=.)/gm, '+ ')}`);
  if (installsHook)
    parts.push(
      'The Git hooks pre-commit, pre-merge-commit and pre-push will run tidelock, after any that are there.\n',
    );
  return parts.join('');
}

export async function applyProposal(
  repository: string,
  { files, installsHook, identity }: Proposal,
  ports: Ports,
): Promise<void> {
  if (identity !== null && identity.secret !== '') {
    await mkdir(dirname(identity.file), { recursive: true, mode: 0o700 });
    await appendFile(identity.file, `# public key: ${identity.recipient}\n${identity.secret}\n`, {
      mode: 0o600,
    });
  }
  for (const { path, text } of files) {
    await writeAtomically({
      path: join(repository, path),
      bytes: Buffer.from(text),
      expected: null,
    });
  }
  if (!installsHook) return;
  const { lines } = await installHooks(await openRepository(repository, ports.env), {
    node: process.execPath,
    script: hookProgram(),
  });
  ports.stdout(`${lines.join('\n')}\n`);
}

function hookProgram(): string {
  const manifest = createRequire(import.meta.url).resolve('@tidelock/pre-commit/package.json');
  return join(dirname(manifest), 'dist/tidelock-pre-commit.js');
}
