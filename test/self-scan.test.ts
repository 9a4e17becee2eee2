import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot, tidelock } from './support/program.ts';
import { makeWorkspace } from './support/workspace.ts';

interface Entry {
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}

interface Found {
  readonly findings: readonly { ruleId: string; path: string; severity: string }[];
  readonly files: { readonly examined: number };
}

const { allow } = parse(readFileSync(join(repositoryRoot, '.tidelock.yaml'), 'utf8')) as {
  allow: readonly Entry[];
};
const KEY_RULES = ['plaintext/token', 'plaintext/private-key'];

describe('this repository', () => {
  it('passes its own scan', () => {
    const { status, stdout, stderr } = tidelock(['scan', '--format', 'json'], {
      cwd: repositoryRoot,
      env: { PATH: process.env.PATH ?? '' },
    });
    const { findings, files } = JSON.parse(stdout) as Found;
    expect(
      findings.filter(({ severity }) => severity === 'error'),
      stderr,
    ).toEqual([]);
    expect(status).toBe(0);
    expect(files.examined).toBeGreaterThan(1000);
  });

  it('allows each key of its vectors by one entry for one file, and nothing beyond', () => {
    const keys = allow.filter(({ rule }) => KEY_RULES.includes(rule));
    expect(keys).toHaveLength(7);
    expect(allow).toHaveLength(15);
    for (const { path } of keys) {
      expect(path).toMatch(/^test\/vectors\/[A-Za-z0-9_.-]+$/);
      expect(existsSync(join(repositoryRoot, path))).toBe(true);
    }
  });

  it('has no entry that allows nothing', () => {
    const w = makeWorkspace();
    const files = allow.filter(({ path }) => !path.includes('*'));
    for (const { path } of files) {
      mkdirSync(dirname(w.path(path)), { recursive: true });
      copyFileSync(join(repositoryRoot, path), w.path(path));
    }
    const { stdout } = w.tidelock(['scan', '--format', 'json']);
    const found = new Set(
      (JSON.parse(stdout) as Found).findings.map(({ ruleId, path }) => `${ruleId} ${path}`),
    );
    expect(files.filter(({ rule, path }) => !found.has(`${rule} ${path}`))).toEqual([]);
  });
});
