import { describe, expect, it } from 'vitest';
import { readForeignFiles } from '../../src/index.ts';

const reader = (files: Readonly<Record<string, string>>) => (name: string) => files[name] ?? null;

describe('files of other scanners', () => {
  it('are none where there are none', async () => {
    const { files, rules } = await readForeignFiles(reader({}));
    expect(files.configs).toEqual([]);
    expect(rules).toEqual([]);
  });

  it('follow what .gitleaks.toml extends within the folder, and nothing outside of it', async () => {
    const extend = (path: string) => `[extend]\npath = "${path}"\n`;
    const base = '[[rules]]\nid = "own"\nregex = "own-[0-9]{4}"\n';
    const found = await readForeignFiles(
      reader({ '.gitleaks.toml': extend('./config/base.toml'), 'config/base.toml': base }),
    );
    expect(found.files.configs).toHaveLength(2);
    expect(found.rules).toHaveLength(1);
    for (const path of ['../outside.toml', '/etc/passwd', 'a/../../b.toml'])
      await expect(readForeignFiles(reader({ '.gitleaks.toml': extend(path) }))).rejects.toThrow(
        /outside/,
      );
    await expect(
      readForeignFiles(reader({ '.gitleaks.toml': extend('gone.toml') })),
    ).rejects.toThrow(/does not exist/);
  });
});
