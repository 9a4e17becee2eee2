import { describe, expect, it } from 'vitest';
import { readForeignFiles } from '../src/index.ts';

const reader = (files: Readonly<Record<string, string>>) => (name: string) => files[name] ?? null;

describe('files of other scanners', () => {
  it('are none where there are none', () => {
    const { files, rules } = readForeignFiles(reader({}));
    expect(files.configs).toEqual([]);
    expect(rules).toEqual([]);
  });

  it('follow what .gitleaks.toml extends within the folder, and nothing outside of it', () => {
    const extend = (path: string) => `[extend]\npath = "${path}"\n`;
    const base = '[[rules]]\nid = "own"\nregex = "own-[0-9]{4}"\n';
    const found = readForeignFiles(
      reader({ '.gitleaks.toml': extend('./config/base.toml'), 'config/base.toml': base }),
    );
    expect(found.files.configs).toHaveLength(2);
    expect(found.rules).toHaveLength(1);
    for (const path of ['../outside.toml', '/etc/passwd', 'a/../../b.toml'])
      expect(() => readForeignFiles(reader({ '.gitleaks.toml': extend(path) }))).toThrow(/outside/);
    expect(() => readForeignFiles(reader({ '.gitleaks.toml': extend('gone.toml') }))).toThrow(
      /does not exist/,
    );
  });
});
