import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { errnoOf, isMissing, readFileOrNull, run } from '@tidelock/check';
import type { Environment } from '@tidelock/core';
import { writeNow } from '@tidelock/pre-commit';

/** The world as the command sees it; tests pass another one. */
export interface Ports extends Environment {
  /** Name under which the program was started: of a link to it, the link's. */
  readonly calledAs: string;
  readonly now: () => Date;
  readonly stdin: () => Promise<Uint8Array>;
  readonly stdout: (data: Uint8Array | string) => void;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  /** Whether a person is there to answer. */
  readonly isInteractive: boolean;
}

export { errnoOf, isMissing, readFileOrNull };

/** The path with symbolic links followed, also where the last component does not exist yet. */
export function followLinks(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function realPorts(): Ports {
  return {
    calledAs: basename(process.argv[1] ?? '', '.js'),
    env: process.env,
    platform: process.platform,
    homeDir: homedir(),
    cwd: process.cwd(),
    readFile: readFileOrNull,
    run,
    now: () => new Date(),
    stdin: readStdin,
    stdout: (data) => writeNow(1, data),
    stderr: (text) => writeNow(2, text),
    get isTerminal() {
      return process.stderr.isTTY === true;
    },
    get isInteractive() {
      return process.stdin.isTTY === true;
    },
  };
}
