import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Environment } from '../../src/ports.ts';

export const VECTORS = new URL('../../../../test/vectors/', import.meta.url);

export function vector(name: string): string {
  return readFileSync(new URL(name, VECTORS), 'utf8');
}

export interface FakeMachine {
  readonly env?: Record<string, string | undefined>;
  readonly files?: Record<string, string | Uint8Array>;
  readonly platform?: NodeJS.Platform;
  /** Every path read, in order. */
  readonly reads?: string[];
}

/** A machine whose files are these and whose programs are real. */
export function fakeEnvironment(machine: FakeMachine = {}): Environment {
  const files = new Map(Object.entries(machine.files ?? {}));
  return {
    env: machine.env ?? {},
    platform: machine.platform ?? 'linux',
    homeDir: '/home/nobody',
    cwd: '/nowhere',
    readFile: async (path) => {
      machine.reads?.push(path);
      const content = files.get(path);
      return content === undefined ? null : Buffer.from(content);
    },
    run: async (program, args, options = {}) => {
      const result = spawnSync(program, args, {
        input: options.input ?? '',
        env: { PATH: process.env.PATH, ...options.env },
      });
      if (result.error !== undefined) throw result.error;
      return { status: result.status ?? 1, stdout: result.stdout, stderr: String(result.stderr) };
    },
  };
}

/** The `enc` texts of a YAML or JSON vector, in order. */
export function wrappedKeys(name: string): string[] {
  const text = vector(name);
  if (name.endsWith('.json')) {
    return [...text.matchAll(/"enc": ("(?:[^"\\]|\\.)*")/g)].map((match) =>
      JSON.parse(match[1] ?? ''),
    );
  }
  const blocks = text.matchAll(
    /enc: \|(-?)\n((?:[ ]*(?:-----|[A-Za-z0-9+/=]+|)[^\n]*\n)*?[ ]*-----END[^\n]*\n)/g,
  );
  return [...blocks].map((match) => {
    const block = (match[2] ?? '').replace(/^ +/gm, '');
    return match[1] === '-' ? block.trimEnd() : block;
  });
}

export interface KnownKey {
  /** The file in the vectors that opens it. */
  readonly identity: string;
  readonly hex: string;
}

/** The data keys (or shares) of a vector. */
export function knownKeys(name: string): readonly KnownKey[] {
  const all = JSON.parse(vector('datakeys.json')) as Record<string, readonly KnownKey[]>;
  return all[name] ?? [];
}
